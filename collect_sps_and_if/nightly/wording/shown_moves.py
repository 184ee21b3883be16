"""What moved during the day, in the words and short lists that the report shows. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from collect_sps_and_if.nightly.day_moves import Move, Moves
from collect_sps_and_if.nightly.report_facts import Facts
from collect_sps_and_if.nightly.wording.score_hours import ScoreCell, score_hours
from common.counted import counted
from data_files.cells import INTERRUPTION_RANGES
from data_files.market.scores import Score

_PAIRS = 4
_SCORE_MOVES = 3
_FREQUENCY_MOVES = 1


@dataclass(frozen=True)
class MovedPair:
    """A pair whose placement score changed, with its scores hour by hour."""

    score: Score
    changes: str
    hours: Sequence[ScoreCell]


@dataclass(frozen=True)
class ShownMove:
    """A move in words."""

    time: str
    instance: str
    region: str
    what: str
    before: str
    after: str
    is_better: bool


def moves_in_words(facts: Facts) -> str:
    """Say how much moved, and when most of it did."""
    moves = facts.moves.placement_score
    frequencies = f"{counted(len(facts.moves.frequency), 'change')} of the interruption frequency"
    if not facts.polled.rows:
        return "Nothing was collected that day."
    if not moves:
        return f"No placement score changed; {frequencies}."
    pairs = len({(move.region, move.instance) for move in moves})
    hour, most = Counter(move.time.replace(minute=0, second=0, microsecond=0) for move in moves).most_common(1)[0]
    return (
        f"{counted(len(moves), 'change')} of the placement score in {pairs} of {counted(len(facts.scores), 'pair')},"
        f" most from {hour:%H:%M} to {hour + timedelta(hours=1):%H:%M} ({most}); {frequencies}."
    )


def largest_moves(moves: Moves) -> list[ShownMove]:
    """Give the largest moves, in the order of time."""
    largest = sorted(moves.placement_score, key=lambda move: -move.size)[:_SCORE_MOVES]
    rarest = sorted(moves.frequency, key=lambda move: -move.size)[:_FREQUENCY_MOVES]
    shown = [(move.time, _score_move(move)) for move in largest]
    shown += [(move.time, _frequency_move(move)) for move in rarest]
    return [move for _, move in sorted(shown, key=lambda timed: timed[0])]


def _score_move(move: Move) -> ShownMove:
    values = str(move.before), str(move.after)
    return ShownMove(f"{move.time:%H:%M}", move.instance, move.region, "score", *values, move.after > move.before)


def _frequency_move(move: Move) -> ShownMove:
    values = INTERRUPTION_RANGES[move.before], INTERRUPTION_RANGES[move.after]
    return ShownMove(f"{move.time:%H:%M}", move.instance, move.region, "interrupted", *values, move.after < move.before)


def most_moved(facts: Facts) -> list[MovedPair]:
    """Give the pairs whose placement score changed most often."""
    moved = sorted((score for score in facts.scores if score.sps_changes), key=lambda one: -(one.sps_changes or 0))
    return [
        MovedPair(
            score,
            counted(int(score.sps_changes or 0), "change"),
            score_hours(facts.polled.rows[score.region, score.instance], facts.coverage.hours),
        )
        for score in moved[:_PAIRS]
    ]
