"""Dates and sentences made short, for lines of a mail and for its subject."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

_LONGEST = 90
_CLAUSE_END = re.compile(r"[:;,.] | \(")


def in_ranges(days: Sequence[date]) -> str:
    """Write days, oldest first, those that follow each other as one range: `2026-03-01 to 2026-03-05, 2026-03-09`."""
    ranges: list[list[date]] = []
    for day in days:
        if ranges and day - ranges[-1][-1] == timedelta(days=1):
            ranges[-1].append(day)
        else:
            ranges.append([day])
    return ", ".join(f"{found[0]} to {found[-1]}" if len(found) > 1 else str(found[0]) for found in ranges)


def first_clause(line: str) -> str:
    """Give what a line says before it says more, on one line and short enough for a subject."""
    clause = _CLAUSE_END.split(" ".join(line.split()), maxsplit=1)[0]
    return clause if len(clause) <= _LONGEST else f"{clause[: _LONGEST - 1]}…"
