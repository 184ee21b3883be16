"""What the polls, the advisor and the price history said by a moment: each value from when it became known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from collect_launch_time.dataset.day_stream import (
    MOMENT_FIELD,
    DayStream,
    Rows,
    columns_stream,
    midnight,
    milliseconds,
    rows_of,
)
from collect_launch_time.dataset.history import SeriesHistory, observations
from collect_launch_time.dataset.numbering import Numbering
from data_files.cell_arrays import Integers
from data_files.columnar import CodedValues, ColumnarRows
from data_files.csv_table import DatedFiles, PassedOver
from data_files.market import advisor, polled, polls, spot_prices, standing_definitions, standing_scores
from data_files.market.configurations import REGION_SCOPE
from data_files.market.standing_definitions import Definitions

_LONGEST_POLL_SECONDS = 540.0  # a poll's own deadline


@dataclass(frozen=True)
class Delays:
    """How long polls took: their rows carry the time of the poll's start, but became known at its end."""

    starts: Integers
    """Of the polls in polls.csv, in milliseconds since 1970, ordered."""
    lengths: Integers
    """Theirs, in milliseconds."""
    otherwise: int
    """Milliseconds of a poll that has no row there."""

    def known_at(self, start: Integers) -> Integers:
        """Give when the rows of polls became known, in milliseconds since 1970."""
        if not len(self.starts):
            return start + self.otherwise
        places = np.minimum(np.searchsorted(self.starts, start), len(self.starts) - 1)
        return start + np.where(self.starts[places] == start, self.lengths[places], self.otherwise)


def _read_delays(home: Path, passed_over: PassedOver) -> Delays:
    """Read how long each poll took; one that was never acknowledged is assumed to have taken as long as a poll may."""
    acknowledged = polls.FILE.rows(home, passed_over)
    seconds = {poll.time.timestamp(): poll.seconds for poll in acknowledged if poll.seconds is not None}
    starts = sorted(seconds)
    return Delays(
        milliseconds(np.array(starts, np.float64)),
        milliseconds(np.array([seconds[start] for start in starts], np.float64)),
        round(1000 * _LONGEST_POLL_SECONDS) if seconds else 0,
    )


class Market:
    """All that was known of scores, frequencies and prices, up to a day that moves forward."""

    def __init__(self, home: Path, passed_over: PassedOver) -> None:
        self._delays = _read_delays(home, passed_over)
        self._definitions = Definitions(standing_definitions.FILE.rows(home, passed_over))
        self._pairs = Numbering()
        self.score = SeriesHistory(Numbering(), window_days=1, counts_looks=True)
        """Placement scores: a series is a Region, an instance type and a target capacity.

        Standing queries of a single type by Region are among them.
        """
        self.frequency = SeriesHistory(self._pairs, window_days=30)
        """The advisor's index: a series is a Region and an instance type."""
        self.savings = SeriesHistory(self._pairs, window_days=30)
        self.price = SeriesHistory(Numbering(), window_days=1)
        """A series is a Region, an instance type and a zone."""
        self.zone_score = SeriesHistory(Numbering(), window_days=1)
        """A series is a Region, a zone and a standing query's name."""

        def stream(files: DatedFiles[Any], read: Callable[[ColumnarRows], Rows]) -> DayStream:
            return columns_stream(home, files, files.columns, read, passed_over)

        self._polled = stream(polled.FILES, self._read_polled)
        self._advised = stream(advisor.FILES, self._read_advised)
        self._priced = stream(spot_prices.FILES, self._read_priced)
        self._standing = stream(standing_scores.FILES, self._read_standing)

    @property
    def streams(self) -> Sequence[DayStream]:
        """Give what it reads."""
        return self._polled, self._advised, self._priced, self._standing

    def learn(self, day: date) -> None:
        """Take in all that became known up to the end of a UTC day; the days must be ordered."""
        scored, advised, priced, standing = (stream.through(day) for stream in self.streams)
        of_pairs = standing[standing["pair_series"] >= 0]
        self.score.learn(_observed(scored, "series", "score"), _observed(of_pairs, "pair_series", "score"))
        self.frequency.learn(_observed(scored, "pair", "band"), _observed(advised, "pair", "band"))
        self.savings.learn(_observed(advised, "pair", "saving"))
        self.price.learn(_observed(priced, "series", "price"))
        self.zone_score.learn(_observed(standing, "series", "score"))

    def forget_before(self, day: date) -> None:
        """Drop what no moment of that UTC day or a later one needs."""
        for history in (self.score, self.frequency, self.savings, self.price, self.zone_score):
            history.forget_before(midnight(day))

    def _read_polled(self, rows: ColumnarRows) -> Rows:
        start = milliseconds(rows.times(polled.POLL_TIME).utc)
        region, instance = rows.coded(polled.REGION), rows.coded(polled.INSTANCE)
        found = rows_of(
            moment=self._delays.known_at(start),
            measured=start,
            pair=self._pairs.of(region, instance),
            series=self.score.series.of(region, instance, rows.coded(polled.TARGET_CAPACITY)),
            score=rows.numbers(polled.SPS),
            band=rows.numbers(polled.IF),
        )
        return _last_of_each(found)

    def _read_advised(self, rows: ColumnarRows) -> Rows:
        start = milliseconds(rows.times(advisor.LISTING_TIME).utc)
        return rows_of(
            moment=self._delays.known_at(start),
            measured=start,
            pair=self._pairs.of(rows.coded(advisor.REGION), rows.coded(advisor.INSTANCE)),
            band=rows.numbers(advisor.IF),
            saving=rows.numbers(advisor.SAVING),
        )

    def _read_priced(self, rows: ColumnarRows) -> Rows:
        changed = milliseconds(rows.times(spot_prices.PRICE_TIME).utc)
        zone = (spot_prices.REGION, spot_prices.INSTANCE, spot_prices.ZONE)
        return rows_of(
            moment=changed,  # whenever it was fetched: AWS told everybody from then on
            measured=changed,
            series=self.price.series.of(*map(rows.coded, zone)),
            price=rows.numbers(spot_prices.USD),
        )

    def _read_standing(self, rows: ColumnarRows) -> Rows:
        start = milliseconds(rows.times(standing_scores.POLL_TIME).utc)
        zone = (standing_scores.REGION, standing_scores.ZONE, standing_scores.QUERY_NAME)
        return rows_of(
            moment=self._delays.known_at(start),
            measured=start,
            series=self.zone_score.series.of(*map(rows.coded, zone)),
            pair_series=self._pair_series(rows, start),
            score=rows.numbers(standing_scores.SPS),
        )

    def _pair_series(self, rows: ColumnarRows, start: Integers) -> Integers:
        """Give for every row of a standing query the series of placement scores that it belongs to, -1 for none."""
        names, region = rows.coded(standing_scores.QUERY_NAME), rows.coded(standing_scores.REGION)
        found = np.full(len(rows), -1, np.int64)
        for code, name in enumerate(names.values):
            since, definitions = self._definitions.of(name)
            own = np.flatnonzero(names.codes == code)
            in_force = np.searchsorted(milliseconds(np.array(since, np.float64)), start[own], "right") - 1
            for place, definition in enumerate(definitions):
                if len(definition.instances) == 1 and definition.scope == REGION_SCOPE:
                    of_pair = own[in_force == place]
                    always = np.zeros(len(of_pair), np.int64)
                    pair = CodedValues(region.codes[of_pair], region.values), CodedValues(always, definition.instances)
                    found[of_pair] = self.score.series.of(*pair, CodedValues(always, [definition.target_capacity]))
        return found


def _observed(rows: Rows, series: str, value: str) -> Rows:
    return observations(rows[MOMENT_FIELD], rows[series], rows["measured"], rows[value])


def _last_of_each(rows: Rows) -> Rows:
    """Of rows with the same pair and time keep the last one, whole."""
    order = np.lexsort((rows["measured"], rows["pair"]))
    rows = rows[order]
    is_last = np.ones(len(rows), np.bool_)
    is_last[:-1] = (rows["pair"][1:] != rows["pair"][:-1]) | (rows["measured"][1:] != rows["measured"][:-1])
    return rows[is_last]
