"""What is said beside a bootstrap score: what it is made of, and what was passed over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np

from collect_sps_and_if.spotlake.count.scores import day_count
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Skipped, printable
from collect_sps_and_if.spotlake.find.times import DAY_SECONDS, date_of

SNAPSHOTS_A_DAY = 144
NAMED = 3
"""Skipped files named in one line, before the rest are a number and a place to look them up."""
LICENCE = "SpotLake, https://spotlake.ddps.cloud, CC BY-NC 4.0: name the source, no commercial use"


def account(summary: Summary, datasets: Sequence[str], made: datetime) -> str:
    """Write down, as JSON, what a score is made of."""
    facts = {
        "made": made.isoformat(timespec="seconds"),
        "data": LICENCE,
        "datasets": [*map(printable, datasets)],
        "files_read": summary.files,
        "files_skipped": len(summary.skipped),
        "snapshots": len(summary.times),
        "snapshots_missing": missing_snapshots(summary),
        "days": day_count(summary),
        "first_day": date_of(int(summary.times[0])).isoformat(),
        "last_day": date_of(int(summary.times[-1])).isoformat(),
        "rows": summary.rows,
        "skipped": [{"file": skipped.name, "why": skipped.why} for skipped in summary.skipped],
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def missing_snapshots(summary: Summary) -> int:
    """Count the ten minutes without a snapshot, on the days that have any."""
    slots = np.unique(summary.times * SNAPSHOTS_A_DAY // DAY_SECONDS)
    return SNAPSHOTS_A_DAY * day_count(summary) - len(slots)


def in_words(summary: Summary, pairs: int, seconds: float) -> str:
    """Sum up for a person who looks on, in one line."""
    return (
        f"{pairs:,} pairs scored from {day_count(summary):,} days: {len(summary.times):,} snapshots "
        f"({missing_snapshots(summary):,} missing), {summary.files:,} files, {summary.rows:,} rows, "
        f"{len(summary.skipped):,} files skipped; "
        f"{seconds:.1f} s, {summary.rows / max(seconds, 1e-9) / 1e6:.1f} million rows/s"
    )


def skipped_in_words(skipped: Iterable[Skipped], where: str) -> list[str]:
    """Say what was skipped, one line for each cause: many files are a number, and `where` names them all."""
    causes: dict[str, list[str]] = {}
    for item in skipped:
        causes.setdefault(item.why, []).append(item.name)
    lines = []
    for why, names in causes.items():
        more = f" and {len(names) - NAMED:,} more (all are named in {where})" if len(names) > NAMED else ""
        count = "1 file" if len(names) == 1 else f"{len(names):,} files"
        lines.append(f"skipped {count}, {why}: {', '.join(names[:NAMED])}{more}")
    return lines
