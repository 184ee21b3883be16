"""What moved during a day, and when: each change of a known value, from and to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from collect_sps_and_if.scoring import scored
from data_files.market.polled import Pair, PolledDay
from data_files.market.scores import Score, ranked


@dataclass(frozen=True)
class Move:
    """A pair's value at one poll, other than its last known one."""

    time: datetime
    region: str
    instance: str
    before: int
    after: int

    @property
    def pair(self) -> Pair:
        """Give its Region and instance type."""
        return self.region, self.instance

    @property
    def size(self) -> int:
        """Give how far it went."""
        return abs(self.after - self.before)


@dataclass(frozen=True)
class Moves:
    """All moves of a day, in the order of time."""

    placement_score: Sequence[Move]
    frequency: Sequence[Move]


def moves_of(polled: PolledDay) -> Moves:
    """List what moved during a day."""
    scores: list[Move] = []
    frequencies: list[Move] = []
    for pair, rows in polled.rows.items():
        scores += _moves(pair, ((row.time, row.target_capacity, row.sps) for row in rows))
        frequencies += _moves(pair, ((row.time, None, row.interruption_frequency) for row in rows))
    return Moves(sorted(scores, key=_by_time), sorted(frequencies, key=_by_time))


def score_day(polled: PolledDay, moves: Moves) -> list[Score]:
    """Score every pair of a day by the number of its moves, highest score first."""
    of_score, of_frequency = (Counter(move.pair for move in kind) for kind in (moves.placement_score, moves.frequency))
    return ranked(scored(*pair, of_score[pair], of_frequency[pair]) for pair in polled.rows)


def _moves(pair: Pair, values: Iterable[tuple[datetime, int | None, int | None]]) -> Iterator[Move]:
    """Give the moves among (time, series, value): the step from one series of a pair to another is none."""
    last_of: dict[int | None, int] = {}
    for time, series, value in values:
        if value is None:
            continue
        last = last_of.get(series)
        if last is not None and value != last:
            yield Move(time, *pair, last, value)
        last_of[series] = value


def _by_time(move: Move) -> tuple[datetime, str, str]:
    return move.time, move.region, move.instance
