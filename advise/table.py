"""The advice as a table for people, 80 columns wide: a line a pair, and more where its launches were measured.

What standing queries say of a pair stands below it too.
"""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from analysis.advice.pair_advice import PairAdvice
from analysis.advice.ranking import ENOUGH_PROBES
from analysis.advice.readiness import PERIOD, Readiness
from analysis.standing.pair_standing import StandingScore
from common.counted import ago, counted
from data_files.cells import INTERRUPTION_RANGES

_WIDTH = 80
_NEVER, _UNKNOWN = "never measured", "unknown"
_QUERIES, _ZONES = 3, 3
_HEADER = ("instance type", "Region", "AWS's score", "interr.", "USD/h", "ready")


def advice_table(pairs: Sequence[PairAdvice], total: int, now: datetime) -> str:
    """Write pairs, the best ones of a total number, as a table."""
    rows = [_HEADER, *(_cells(pair, now) for pair in pairs)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADER))]
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= _WIDTH else " "
    header, *lines = (gap.join(map(str.ljust, row, widths)).rstrip() for row in rows)
    text = [f"Where to launch now, best first: {len(pairs):,} of {counted(total, 'pair')}", "", header]
    for pair, line in zip(pairs, lines, strict=True):
        text.append(line)
        if pair.readiness.asked:
            text.append(f"  {_launches(pair.readiness, now)}")
        text += _standing(pair.standing, now)
    return "\n".join([*text, "", *_notes(pairs)]) + "\n"


def _cells(pair: PairAdvice, now: datetime) -> tuple[str, ...]:
    return (
        pair.instance,
        pair.region,
        f"{pair.score.score}, {ago((now - pair.score.time).total_seconds())}" if pair.score else _NEVER,
        _UNKNOWN if pair.interruption_frequency is None else INTERRUPTION_RANGES[pair.interruption_frequency],
        f"{pair.price.usd:.4f}"[:7] if pair.price else _UNKNOWN,
        _share(pair.readiness),
    )


def _share(readiness: Readiness) -> str:
    if readiness.share is None or readiness.interval is None:
        return _NEVER
    lower, upper = readiness.interval
    return f"{100 * readiness.share:.0f} % ({100 * lower:.0f}–{100 * upper:.0f})"


def _launches(readiness: Readiness, now: datetime) -> str:
    last = f", last {ago((now - readiness.last_probe).total_seconds())}" if readiness.last_probe else ""
    asked = f"of {readiness.asked:,} in {counted(readiness.probes, 'probe')}{last}"
    return f"{asked}: {_reached('half', readiness.seconds_to(0.5))}, {_reached('90 %', readiness.seconds_to(0.9))}"


def _standing(scores: Sequence[StandingScore], now: datetime) -> Iterator[str]:
    """Write what each standing query says of a pair, its best zones first."""
    by_query = [list(of_query) for _, of_query in groupby(scores, lambda score: score.name)]
    for of_query in by_query[:_QUERIES]:
        best = of_query[0]
        told = " ".join(f"{score.az} {score.score}" if score.az else f"{score.score}" for score in of_query[:_ZONES])
        more = f" and {len(of_query) - _ZONES} more" if len(of_query) > _ZONES else ""
        types = f" of {len(best.instances)} types" if len(best.instances) > 1 else ""
        asked = f"for {counted(best.target_capacity, 'instance')}{types}"
        age = ago((now - best.time).total_seconds())
        text = f"standing query {best.name}: {told}{more} {asked}, {age}"
        yield from textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    if len(by_query) > _QUERIES:
        yield f"  and {counted(len(by_query) - _QUERIES, 'more standing query', 'more standing queries')}: --json"


def _reached(share: str, seconds: float | None) -> str:
    return f"{share} never" if seconds is None else f"{share} in {seconds:.0f} s"


def _notes(pairs: Sequence[PairAdvice]) -> Iterator[str]:
    yield "AWS's score: the placement score, 1–10; it scores single types low. interr.:"
    yield "share of instances that AWS interrupts in a month. USD/h: in the cheapest zone."
    yield f"ready: share of instances that got ready in the probes of {PERIOD.days} days, with its"
    yield f"90 % interval, by whose lower end pairs of {ENOUGH_PROBES} probes or more are ordered."
    if any(pair.standing for pair in pairs):
        yield "standing query: of standing_queries.csv, answered in the last 24 hours; pools of"
        yield "several types score higher than single ones."
    unpolled = sorted({pair.instance for pair in pairs} - {pair.instance for pair in pairs if pair.score})
    if unpolled:
        yield f"Without a score: {' '.join(unpolled)}; WATCH_TYPES has types polled every day."
