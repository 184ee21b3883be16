"""The day's placement scores of a pair, hour by hour, in colours: no picture that a mail program could block."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data_files.market.coverage import Hour
from data_files.market.polled import PolledRow

_INK, _NOTHING = "#1f2933", "#eef1f4"
# ColorBrewer's YlGnBu, safe for colour-blind eyes, from 1 (unlikely) to 10 (likely).
_COLOURS = (
    "#ffffd9", "#edf8b1", "#d6efb3", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58",
)  # fmt: skip
_FIRST_DARK = 7


@dataclass(frozen=True)
class ScoreCell:
    """An hour's last known score as text, empty if none is known, with its colours and its time in words."""

    text: str
    title: str
    background: str
    ink: str


def score_hours(rows: Sequence[PolledRow], hours: Sequence[Hour]) -> list[ScoreCell]:
    """Give a cell for each hour of the local day; rows are a pair's, in the order of time."""
    known: dict[datetime, int] = {}
    starts = [hour.start.timestamp() for hour in hours]
    place = 0
    for row in rows:
        moment = row.time.timestamp()
        while place + 1 < len(starts) and starts[place + 1] <= moment:
            place += 1
        if row.sps is not None:
            known[hours[place].start] = row.sps
    return [_cell(hour.start, known.get(hour.start)) for hour in hours]


def _cell(start: datetime, score: int | None) -> ScoreCell:
    if score is None:
        return ScoreCell("", f"{start:%H:%M}: unknown", _NOTHING, _INK)
    ink = "#ffffff" if score >= _FIRST_DARK else _INK
    return ScoreCell(str(score), f"{start:%H:%M}: score {score}", _COLOURS[score - 1], ink)
