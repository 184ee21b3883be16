"""What the page needs of one day: read from its files, with numbers of the day's own for its pairs.

It follows from these files alone, whatever other days there are, so that it may be kept for the next page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.reading import NotingReader
from data_files.csv_table import Column, DatedFiles
from data_files.launches import instances, looks, probes, spending
from data_files.market import advisor, plans, polled, scores, spot_prices
from report.gather import endings
from report.gather.endings import Endings
from report.gather.interruption import InterruptionFrequency, SeenBands, joined_bands, polled_bands, published_bands
from report.gather.launches import OUTCOME_COLUMNS, Outcomes, outcomes_of
from report.gather.looks import Looks
from report.gather.pairs import PairNumbers
from report.gather.placement_scores import HOUR, ScoreCells, gather_cells, join_cells
from report.gather.polled import PolledArrays
from report.gather.prices import PRICE_COLUMNS, ZonePrices
from report.gather.ranking import RANKING_COLUMNS, DaysRanking
from report.gather.week_hours import PLAN_COLUMNS, WeekHours, probabilities_of, probabilities_of_probes

FILES_OF_A_DAY: Sequence[DatedFiles[Any]] = (
    *(polled.FILES, plans.FILES, advisor.FILES, scores.FILES, spot_prices.FILES),
    *(looks.FILES, instances.FILES, probes.FILES, spending.FILES),
)
"""All that tell of a day."""


@dataclass(frozen=True)
class DaySummary:
    """What a day's files say, by pairs."""

    pairs: PairNumbers
    """The day's own."""
    polled_until: int
    """The local time of the last poll that left rows: seconds since 1970 as if it were UTC; 0: none."""
    cells: ScoreCells
    """Placement scores, by day."""
    hours: ScoreCells | None
    """The same by hour; None in a summary that was kept."""
    week_hours: WeekHours
    """Of placement scores."""
    bands: SeenBands
    """Interruption frequencies: of each run of one band the first sight."""
    prices: ZonePrices
    ranking: DaysRanking
    looks: Looks
    """Those that tell something new."""
    endings: Endings
    """Of its probes."""
    probabilities: Mapping[tuple[int, float], float]
    """With which probes were picked, where that is known; by pair and request as `endings`."""
    outcomes: Outcomes
    """Of its spot requests."""
    spent: float | None
    """In US dollars; None without a file."""

    def renumbered(self, pairs: PairNumbers) -> DaySummary:
        """Give it with the numbers that these pairs have, or now get."""
        own = pairs.numbers_of_names(self.pairs.names())
        return replace(
            self,
            pairs=pairs,
            cells=self.cells.renumbered(own),
            hours=self.hours and self.hours.renumbered(own),
            week_hours=self.week_hours.renumbered(_places(self.pairs.regions(), pairs.regions())),
            bands=self.bands.renumbered(own),
            prices=self.prices.renumbered(own),
            ranking=self.ranking.renumbered(own),
            looks=self.looks.renumbered(own),
            endings={(int(own[pair]), utc): ending for (pair, utc), ending in self.endings.items()},
            probabilities={(int(own[pair]), utc): share for (pair, utc), share in self.probabilities.items()},
            outcomes={(int(own[pair]), text): count for (pair, text), count in self.outcomes.items()},
        )


def _places(regions: Sequence[str], all_regions: Sequence[str]) -> NDArray[np.int64]:
    places = {region: place for place, region in enumerate(all_regions)}
    return np.array([places[region] for region in regions], np.int64)


_SMALL_FILES: Sequence[tuple[DatedFiles[Any], Sequence[Column]]] = (
    (plans.FILES, PLAN_COLUMNS),
    (advisor.FILES, InterruptionFrequency.COLUMNS),
    (spot_prices.FILES, PRICE_COLUMNS),
    (scores.FILES, RANKING_COLUMNS),
    (probes.FILES, endings.ENDING_COLUMNS),
    (instances.FILES, OUTCOME_COLUMNS),
    (spending.FILES, spending.COSTS),
)


def read_small_files(reader: NotingReader, days: Sequence[date]) -> None:
    """Read together what `summarise_day` will ask for of the small files of days: a third of the time."""
    reader.read_ahead(_SMALL_FILES, days)


def summarise_day(reader: NotingReader, day: date) -> tuple[DaySummary, PolledArrays | None]:
    """Read a day's files; beside their summary give its polled rows, whose pairs have the same numbers."""
    arrays, pairs = read_polled(reader, day)
    hours, week_hours, until = join_cells([]), WeekHours(), 0
    bands: list[SeenBands] = []
    if arrays:
        hours = gather_cells(arrays, HOUR)
        queries = reader.columns(plans.FILES, day, *PLAN_COLUMNS)
        week_hours.add_scores(hours, probabilities_of(queries, pairs) if queries else {}, pairs)
        bands.append(polled_bands(arrays))
        until = int(arrays.times.wall[arrays.poll].max())
    if rows := reader.columns(advisor.FILES, day, *InterruptionFrequency.COLUMNS):
        bands.append(published_bands(rows, pairs))
        until = max(until, int(bands[-1].wall.max(initial=0)))
    rows = reader.columns(spot_prices.FILES, day, *PRICE_COLUMNS)
    prices = ZonePrices.of(rows, pairs) if rows else ZonePrices.none()
    rows = reader.columns(scores.FILES, day, *RANKING_COLUMNS)
    ranking = DaysRanking.of(rows, pairs) if rows else DaysRanking.none()
    rows = reader.columns(looks.FILES, day, *Looks.COLUMNS)
    seen = Looks.of(rows, pairs) if rows else Looks.none()
    ended = reader.columns(probes.FILES, day, *endings.ENDING_COLUMNS)
    requests = reader.columns(instances.FILES, day, *OUTCOME_COLUMNS)
    summary = DaySummary(
        pairs=pairs,
        polled_until=until,
        cells=hours.coarser(24),
        hours=hours,
        week_hours=week_hours,
        bands=joined_bands(bands),
        prices=prices,
        ranking=ranking,
        looks=seen.telling(),
        endings=endings.endings_of(ended, pairs) if ended else {},
        probabilities=probabilities_of_probes(ended, pairs) if ended else {},
        outcomes=outcomes_of(requests, pairs) if requests else {},
        spent=_spent(reader, day),
    )
    return summary, arrays


def read_polled(reader: NotingReader, day: date) -> tuple[PolledArrays | None, PairNumbers]:
    """Read a day's polled rows and the numbers of their pairs; None without any row that makes sense."""
    pairs = PairNumbers()
    rows = reader.columns(polled.FILES, day, *PolledArrays.COLUMNS)
    return PolledArrays.of(rows, pairs) if rows else None, pairs


def _spent(reader: NotingReader, day: date) -> float | None:
    rows = reader.columns_if_readable(spending.FILES, spending.FILES.path(reader.home, day), *spending.COSTS)
    if rows:
        return spending.spent_by(rows)
    return 0.0 if rows is not None and spending.FILES.has(reader.home, day) else None
