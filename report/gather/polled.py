"""One day's polled rows as arrays; and what was known of a pair at any moment of that day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows, Times
from data_files.market.polled import IF, INSTANCE, OUTCOME, OUTCOMES, POLL_TIME, REGION, SPS
from report.gather.pairs import PairNumbers

KNOWN_FOR_SECONDS = 1800
"""A score that was older than this at the request is taken for unknown: three polls were missed."""

RequestOfPair = tuple[str, str, float]
"""Of a probe: instance type, Region, and seconds since 1970 in UTC."""
ScoreAndFrequency = tuple[int | None, int | None]
"""The placement score and the interruption frequency known at a request; None: none."""


@dataclass(frozen=True)
class PolledArrays:
    """A day's polled rows, by pair and then by time; of rows with the same time and pair there is the last one only.

    Many rows share a poll's time, and many tell the same of a pair: what they share is there once; rows refer to it.
    """

    COLUMNS: ClassVar = (POLL_TIME, REGION, INSTANCE, SPS, IF, OUTCOME)
    """Of the day's file."""

    poll: NDArray[np.int64]
    """By row: the place of its time among `times`."""
    line: NDArray[np.int64]
    """By row: the place of what it tells among `pairs`, `scores`, `bands` and `outcomes`."""
    times: Times
    """Of polls."""
    pairs: NDArray[np.int64]
    """The pair's number."""
    scores: NDArray[np.float64]
    """The placement score, 1 to 10; NaN is unknown."""
    bands: NDArray[np.float64]
    """The interruption frequency's index, 0 to 4; NaN is unknown."""
    outcomes: NDArray[np.int64]
    """What became of the placement score: its place among OUTCOMES."""

    @classmethod
    def of(cls, rows: ColumnarRows, numbers: PairNumbers) -> PolledArrays:
        """Take a day's rows."""
        lines, line = rows.lines()
        times, poll = rows.runs(POLL_TIME)
        pairs = numbers.numbers_of(lines.coded(REGION), lines.coded(INSTANCE))
        outcomes = lines.coded(OUTCOME)
        places = np.array([OUTCOMES.index(outcome) for outcome in outcomes.values], np.int64)
        order = _order(pairs.take(line), poll, times.utc)
        scores, bands = lines.numbers(SPS), lines.numbers(IF)
        return cls(poll.take(order), line.take(order), times, pairs, scores, bands, places[outcomes.codes])

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.line)

    @property
    def pair(self) -> NDArray[np.int64]:
        """Give every row's pair."""
        return self.pairs.take(self.line)

    @property
    def utc(self) -> NDArray[np.float64]:
        """Give every row's time: seconds since 1970 in UTC."""
        return self.times.utc[self.poll]

    def at(self, rows: NDArray[np.int64]) -> PolledArrays:
        """Give some rows."""
        return replace(self, poll=self.poll[rows], line=self.line[rows])

    def of_pairs(self, pairs: NDArray[np.int64]) -> PolledArrays:
        """Give the rows of some pairs."""
        is_wanted = np.isin(self.pairs, pairs)
        return self.at(np.flatnonzero(is_wanted[self.line]))

    def as_of(
        self, value: NDArray[np.float64], pair: NDArray[np.int64], utc: NDArray[np.float64], age: float
    ) -> NDArray[np.float64]:
        """Give for every pair and moment the last known value up to then, if it is no older than age seconds; else NaN.

        value: the scores or the bands.
        """
        known = self.at(np.flatnonzero(~np.isnan(value)[self.line]))
        pairs, times, values = known.pair, known.utc, value[known.line]
        if not len(pairs) or not len(pair):
            return np.full(len(pair), np.nan)
        # Pair and time as one number, by which the rows are in order: a pair's last time is below the next one's first.
        least = min(times.min(), utc.min())
        span = max(times.max(), utc.max()) - least + 1
        last = np.searchsorted(pairs * span + (times - least), pair * span + (utc - least), "right") - 1
        is_found = (last >= 0) & (pairs[last] == pair) & (utc - times[last] <= age)
        return np.where(is_found, values[last], np.nan)


@dataclass
class KnownAtRequests:
    """What a day's polls knew when probes were requested. The rows are read only for what was never asked before."""

    pairs: PairNumbers
    """By whose numbers is asked."""
    read: Callable[[], tuple[PolledArrays | None, PairNumbers]]
    """Gives the day's rows, with the numbers that its pairs have there."""
    kept: Mapping[RequestOfPair, ScoreAndFrequency] = field(default_factory=dict)
    """Answers that these rows gave before."""
    given: dict[RequestOfPair, ScoreAndFrequency] = field(default_factory=dict)
    """All that was asked by now."""

    @property
    def is_kept(self) -> bool:
        """Tell whether all that was asked by now had been asked before."""
        return self.given.keys() <= self.kept.keys()

    def at(self, pair: Sequence[int], utc: Sequence[float]) -> Sequence[ScoreAndFrequency]:
        """Give for each pair and moment what was known."""
        names = self.pairs.names()
        requests = [(*names[number], moment) for number, moment in zip(pair, utc, strict=True)]
        new = [request for request in requests if request not in self.kept]
        answers = {**self.kept, **self._found(new)} if new else self.kept
        self.given.update((request, answers[request]) for request in requests)
        return [answers[request] for request in requests]

    def _found(self, requests: Sequence[RequestOfPair]) -> Mapping[RequestOfPair, ScoreAndFrequency]:
        polled, own = self.read()
        if polled is None:
            return dict.fromkeys(requests, (None, None))
        numbers = [own.known_number(region, instance) for instance, region, _ in requests]
        pair = np.array([-1 if number is None else number for number in numbers], np.int64)
        utc = np.array([moment for _, _, moment in requests])
        polled = polled.of_pairs(pair)
        found = (polled.as_of(column, pair, utc, KNOWN_FOR_SECONDS) for column in (polled.scores, polled.bands))
        score, band = ([_known(value) for value in column.tolist()] for column in found)
        return dict(zip(requests, zip(score, band, strict=True), strict=True))


def _known(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _order(pair: NDArray[np.int64], poll: NDArray[np.int64], utc: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the places of the rows by pair and time, of rows that are alike in both that of the last.

    utc: the times of polls.
    """
    if (utc[1:] > utc[:-1]).all() and int(pair.max(initial=0)) < 1 << 16:  # as polls write them
        places = np.argsort(pair.astype(np.uint16), kind="stable")  # by their digits: a third of the time
        pair, poll = pair.take(places), poll.take(places)
        is_next_other = (pair[1:] != pair[:-1]) | (poll[1:] != poll[:-1])
        return places if is_next_other.all() else places[np.append(is_next_other, True)]
    moments, moment = np.unique(utc, return_inverse=True)
    keys = pair * len(moments) + moment[poll]
    # Sorted with its place behind it in one whole number: several times as fast as sorting places by their keys.
    keys, places = np.divmod(np.sort(keys * len(keys) + np.arange(len(keys))), max(1, len(keys)))
    is_last = np.ones(len(keys), np.bool_)
    is_last[:-1] = keys[1:] != keys[:-1]
    return np.asarray(places[is_last])
