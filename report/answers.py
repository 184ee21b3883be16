"""What the page answers first: where capacity is now, and how fast one gets it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.advice.pair_advice import PairAdvice
from analysis.advice.readiness import Readiness
from common.counted import ago, counted
from data_files.cells import INTERRUPTION_RANGES
from data_files.market.polled import Pair

_NEVER, _UNKNOWN = "never measured", "unknown"
PAIR_COLUMNS = ("Pair", "AWS’s score", "Ready in probes", "Half ready", "90 % ready", "USD an hour", "Interrupted")
"""What the cells of a pair are, in their order."""

_MOST_GROUPS = 8


@dataclass(frozen=True)
class AnswerCell:
    """A cell of a table: what it says, and in small what goes with it."""

    text: str
    detail: str = ""


@dataclass(frozen=True)
class GroupRow:
    """How fast the instances of one type, or in one Region, became ready."""

    name: str
    asked: str
    share: AnswerCell
    half: str
    most: str


def pair_cells(pair: PairAdvice, now: datetime) -> tuple[AnswerCell, ...]:
    """Give a pair's cells, one for each of PAIR_COLUMNS."""
    return (
        AnswerCell(pair.instance, pair.region),
        _score(pair, now),
        _share(pair.readiness, now),
        AnswerCell(_reached(pair.readiness, 0.5)),
        AnswerCell(_reached(pair.readiness, 0.9)),
        _price(pair, now),
        _frequency(pair),
    )


def _score(pair: PairAdvice, now: datetime) -> AnswerCell:
    if not pair.score:
        return AnswerCell(_NEVER)
    capacity = "" if pair.score.target_capacity is None else f", for {pair.score.target_capacity:,}"
    return AnswerCell(str(pair.score.score), f"{ago((now - pair.score.time).total_seconds())}{capacity}")


def _frequency(pair: PairAdvice) -> AnswerCell:
    if pair.interruption_frequency is None:
        return AnswerCell(_UNKNOWN)
    return AnswerCell(INTERRUPTION_RANGES[pair.interruption_frequency], "a month")


def _price(pair: PairAdvice, now: datetime) -> AnswerCell:
    if not pair.price:
        return AnswerCell(_UNKNOWN)
    savings = "" if pair.savings is None else f", {pair.savings} % saved"
    return AnswerCell(f"{pair.price.usd:.4f}", f"since {ago((now - pair.price.time).total_seconds())}{savings}")


def _share(readiness: Readiness, now: datetime) -> AnswerCell:
    if readiness.share is None or readiness.interval is None:
        return AnswerCell(_NEVER)
    lower, upper = readiness.interval
    last = f", last {ago((now - readiness.last_probe).total_seconds())}" if readiness.last_probe else ""
    return AnswerCell(
        f"{100 * readiness.share:.0f} % ({100 * lower:.0f}–{100 * upper:.0f})",
        f"{readiness.ready:,} of {readiness.asked:,} in {counted(readiness.probes, 'probe')}{last}",
    )


def _reached(readiness: Readiness, share: float) -> str:
    if not readiness.asked:
        return "–"
    seconds = readiness.seconds_to(share)
    return "never" if seconds is None else f"{seconds:.0f} s"


def by_type(measured: Mapping[Pair, Readiness], now: datetime) -> tuple[Sequence[GroupRow], int]:
    """Give how fast instances of each type became ready, of those asked for most, quickest first; and of how many."""
    return _groups(measured, lambda pair: pair[1], now)


def by_region(measured: Mapping[Pair, Readiness], now: datetime) -> tuple[Sequence[GroupRow], int]:
    """Give the same of each Region."""
    return _groups(measured, lambda pair: pair[0], now)


def _groups(
    measured: Mapping[Pair, Readiness], name_of: Callable[[Pair], str], now: datetime
) -> tuple[Sequence[GroupRow], int]:
    members: defaultdict[str, list[Readiness]] = defaultdict(list)
    for pair, readiness in measured.items():
        members[name_of(pair)].append(readiness)
    joined = {name: _joined(own) for name, own in members.items()}
    most = sorted(joined, key=lambda name: (-joined[name].asked, name))[:_MOST_GROUPS]
    most.sort(key=lambda name: (_or_last(joined[name].seconds_to(0.5)), name))
    return [
        GroupRow(
            name,
            f"{joined[name].asked:,}",
            _share(joined[name], now),
            _reached(joined[name], 0.5),
            _reached(joined[name], 0.9),
        )
        for name in most
    ], len(joined)


def _joined(parts: Iterable[Readiness]) -> Readiness:
    own = list(parts)
    return Readiness(
        probes=sum(part.probes for part in own),
        waits=[wait for part in own for wait in part.waits],
        last_probe=max((part.last_probe for part in own if part.last_probe), default=None),
    )


def _or_last(seconds: float | None) -> float:
    return float("inf") if seconds is None else seconds
