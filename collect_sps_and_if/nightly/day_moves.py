"""What moved during a day, and when: each change of a known value, from and to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from collect_sps_and_if.nightly.polled_day import Look, Pair, PolledDay
from collect_sps_and_if.scoring import Score, count_changes, ranked


@dataclass(frozen=True)
class Move:
    """A pair's value at one poll, other than its last known one."""

    time: datetime
    region: str
    instance: str
    before: int
    after: int

    @property
    def size(self) -> int:
        """Give how far it went."""
        return abs(self.after - self.before)


@dataclass(frozen=True)
class Moves:
    """All moves of a day, in the order of time."""

    placement_score: Sequence[Move]
    interruption_frequency: Sequence[Move]


def score_day(polled: PolledDay) -> list[Score]:
    """Score every pair of a day by its changes, highest score first."""
    return ranked(
        Score.of(
            region,
            instance,
            count_changes(look.sps for look in looks),
            count_changes(look.interruption_frequency for look in looks),
        )
        for (region, instance), looks in polled.looks.items()
    )


def moves_of(polled: PolledDay) -> Moves:
    """List what moved during a day."""
    scores: list[Move] = []
    frequencies: list[Move] = []
    for pair, looks in polled.looks.items():
        scores += _moves(pair, looks, "sps")
        frequencies += _moves(pair, looks, "interruption_frequency")
    return Moves(sorted(scores, key=_by_time), sorted(frequencies, key=_by_time))


def _moves(pair: Pair, looks: Sequence[Look], column: str) -> Iterator[Move]:
    last: int | None = None
    for look in looks:
        value: int | None = getattr(look, column)
        if value is None:
            continue
        if last is not None and value != last:
            yield Move(look.time, *pair, last, value)
        last = value


def _by_time(move: Move) -> tuple[datetime, str, str]:
    return move.time, move.region, move.instance
