"""The report's pictures: scores by instance type and Region, and the day's placement scores of what moved most.

Drawn for a width of some 600 px on a desk and 340 px on a phone. Colours are ColorBrewer's, safe for colour-blind eyes.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from data_files.market.coverage import SLOT, slots
from data_files.market.polled import PolledDay
from data_files.market.scores import Score

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK = "#1f2933"
_FAINT = "#7b8794"
_NOTHING = "#eef1f4"
_WARM = ("#fff7ec", "#fee8c8", "#fdd49e", "#fdbb84", "#fc8d59", "#ef6548", "#d7301f", "#b30000", "#7f0000")
_COLD = "YlGnBu"
_INCHES = 5.2
_DPI = 200  # sharp on a phone's screen


def shade(share: float) -> tuple[str, str]:
    """Give background and ink for a share of the highest score: the heat map's colours, for the tables beside it."""
    step = min(len(_WARM) - 1, max(0, int(share * len(_WARM))))
    return _WARM[step], "#ffffff" if step >= 6 else _INK


def score_map(scores: Sequence[Score], *, types: int = 10, regions: int = 10) -> bytes:
    """Draw the scores of the best types in the best Regions; a pair that was not polled stays blank. PNG."""
    rows = _best(scores, lambda score: score.instance, types)
    columns = _best(scores, lambda score: score.region, regions)
    value = {(score.instance, score.region): score.score for score in scores}
    figure, axes = _figure(0.33 * len(rows) + 1.25)
    cells = [[value.get((row, column), float("nan")) for column in columns] for row in rows]
    highest = max((score.score for score in scores), default=0) or 1
    axes.imshow(cells, cmap=_colours(_WARM), vmin=0, vmax=highest, aspect="auto")
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            if cell == cell:  # not NaN
                ink = shade(cell / highest)[1]
                axes.text(x, y, f"{cell:.1f}", ha="center", va="center", fontsize=8, color=ink)
    axes.set_yticks(range(len(rows)), [_short(row) for row in rows], parse_math=False)
    labels = [_short(column) for column in columns]
    axes.set_xticks(range(len(columns)), labels, rotation=40, ha="left", rotation_mode="anchor", parse_math=False)
    axes.xaxis.tick_top()
    _grid(axes, len(columns), len(rows))
    return _png(figure)


def day_strips(polled: PolledDay, pairs: Sequence[Score]) -> bytes:
    """Draw the placement scores of some pairs over the day, a strip each; unknown stays blank. PNG."""
    starts = slots(polled.day)
    figure, axes = _figure(0.4 * len(pairs) + 0.95)
    cells = [_strip(polled, pair, starts) for pair in pairs]
    image = axes.imshow(cells, cmap=_colours(_COLD), vmin=1, vmax=10, aspect="auto", interpolation="nearest")
    labels = [f"{_short(pair.instance)}\n{_short(pair.region)}" for pair in pairs]
    axes.set_yticks(range(len(pairs)), labels, parse_math=False)
    hours = [number for number, start in enumerate(starts) if start.minute == 0 and start.hour % 6 == 0]
    axes.set_xticks([hour - 0.5 for hour in hours], [f"{starts[hour]:%H:%M}" for hour in hours])
    _grid(axes, 0, len(pairs))
    bar = figure.colorbar(image, ax=axes, location="bottom", fraction=0.05, aspect=45, pad=0.04, ticks=[1, 4, 7, 10])
    bar.ax.set_xticklabels(["1 unlikely", "4", "7", "10 likely"])
    bar.ax.tick_params(length=0, labelsize=8, labelcolor=_FAINT)
    bar.outline.set_visible(False)
    return _png(figure)


def _best(scores: Sequence[Score], name_of: Callable[[Score], str], count: int) -> list[str]:
    total: dict[str, float] = {}
    for score in scores:
        name = name_of(score)
        total[name] = total.get(name, 0.0) + score.score
    return sorted(total, key=lambda name: (-total[name], name))[:count]


def _strip(polled: PolledDay, pair: Score, starts: Sequence[datetime]) -> list[float]:
    midnight = starts[0].timestamp()
    known: Mapping[int, int] = {
        int((row.time.timestamp() - midnight) // SLOT.total_seconds()): row.sps
        for row in polled.rows[pair.region, pair.instance]
        if row.sps is not None
    }
    return [known.get(number, float("nan")) for number in range(len(starts))]


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _figure(height: float) -> tuple[Figure, Axes]:
    # matplotlib warns of building its font cache, at the first run of all: nobody's business.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_INCHES, height), dpi=_DPI, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_facecolor(_NOTHING)
    axes.tick_params(length=0, labelsize=8.5, labelcolor=_INK)
    return figure, axes


def _colours(colours: str | Sequence[str]) -> Any:
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap

    if isinstance(colours, str):
        return colormaps[colours]
    return LinearSegmentedColormap.from_list("score", list(colours))


def _grid(axes: Axes, columns: int, rows: int) -> None:
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xticks([x - 0.5 for x in range(1, columns)], minor=True)
    axes.set_yticks([y - 0.5 for y in range(1, rows)], minor=True)
    axes.grid(which="minor", color="white", linewidth=2)
    axes.tick_params(which="minor", length=0)


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()
