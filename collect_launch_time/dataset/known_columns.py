"""The columns that all rows of a probe share: what was known when its request was made, and how it was run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collect_launch_time.dataset.history import Known
from collect_launch_time.dataset.market import Market
from collect_launch_time.dataset.requests import Request
from data_files import instance_tables
from data_files.csv_table import Column
from data_files.launches import training_table as table
from data_files.launches.probes import ENDED, ORIGIN, PROBABILITY_OF_PAIR, TIMEOUT_SECONDS, UNTIL, EndedProbe

ColumnValues = Sequence[Any] | NDArray[Any]
_UNKNOWN_CAPACITY = 10**9  # of scores of earlier versions, whose files do not say it: further than any other

ValuesByColumn = Mapping[Column, ColumnValues]
"""By column a value a row; None, or NaN of a number, is unknown."""


def known_columns(
    requests: Sequence[Request], market: Market, ended: Sequence[EndedProbe | None], home: Path
) -> ValuesByColumn:
    """Give the columns of OF_PROBE, a row a request; ended says of each how its probe ended, None if nothing does."""
    return {**_of_request(requests, home), **_of_market(requests, market), **_of_probe(ended)}


def _of_request(requests: Sequence[Request], home: Path) -> ValuesByColumn:
    parts = [request.instance.partition(".") for request in requests]
    utc = [datetime.fromtimestamp(request.moment / 1000, UTC) for request in requests]
    architectures, vcpus = instance_tables.family_arch(home), instance_tables.vcpus(home)
    return {
        table.REQUEST_TIME: [request.time for request in requests],
        table.REGION: [request.region for request in requests],
        table.INSTANCE: [request.instance for request in requests],
        table.FAMILY: [family for family, _, _ in parts],
        table.SIZE: [size for _, _, size in parts],
        table.ARCHITECTURE: [architectures.get(family) for family, _, _ in parts],
        table.VCPUS: [vcpus.get(request.instance) for request in requests],
        table.INSTANCE_COUNT: [request.asked for request in requests],
        table.HOUR_UTC: [moment.hour for moment in utc],
        table.WEEKDAY_UTC: [moment.weekday() for moment in utc],
    }


def _of_market(requests: Sequence[Request], market: Market) -> ValuesByColumn:
    pairs = [(request.region, request.instance) for request in requests]
    moments = np.array([request.moment for request in requests], np.int64)
    scores = market.score.known(pairs, moments)
    score = scores.pick(_newest(scores, requests, market))
    frequency, savings = (
        history.known(pairs, moments).pick(np.zeros(len(pairs), np.int64))
        for history in (market.frequency, market.savings)
    )
    prices = market.price.known(pairs, moments)
    price = prices.pick(least(prices.value))
    return {
        table.SPS: score.value,
        table.SPS_AGE: score.age_seconds,
        table.SPS_CHANGES_24H: score.changes,
        table.SPS_TARGET_CAPACITY: _capacities(score, market),
        table.SPS_LOOKS: score.looks,
        table.IF: frequency.value,
        table.IF_AGE: frequency.age_seconds,
        table.IF_CHANGES_30D: frequency.changes,
        table.SAVING: savings.value,
        table.USD: price.value,
        table.USD_AGE: price.age_seconds,
        table.USD_CHANGES: price.changes,
        table.USD_SPREAD: _spread(prices),
    }


def _of_probe(ended: Sequence[EndedProbe | None]) -> ValuesByColumn:
    nothing = EndedProbe._make([None] * len(EndedProbe._fields))
    probes = [probe or nothing for probe in ended]
    return {
        ORIGIN: [probe.origin for probe in probes],
        PROBABILITY_OF_PAIR: [probe.probability for probe in probes],
        UNTIL: [probe.until for probe in probes],
        ENDED: [probe.ended for probe in probes],
        TIMEOUT_SECONDS: [probe.timeout for probe in probes],
    }


def _newest(scores: Known, requests: Sequence[Request], market: Market) -> NDArray[np.int64]:
    """Give the column of each request's newest score; of those of one poll that of the capacity nearest to its own."""
    capacities = np.array([key[2] or _UNKNOWN_CAPACITY for key in market.score.series.keys] + [_UNKNOWN_CAPACITY])
    capacity = capacities[scores.series]
    asked = np.array([request.asked for request in requests])[:, np.newaxis]
    age = np.where(np.isnan(scores.age_seconds), np.inf, scores.age_seconds)
    return np.asarray(np.lexsort((capacity, np.abs(capacity - asked), age), axis=1)[:, 0])


def least(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the column of each row's least value, of equal ones the first; of a row without any the first."""
    return np.asarray(np.argmin(np.where(np.isnan(values), np.inf, values), axis=1))


def _capacities(score: Known, market: Market) -> ColumnValues:
    return [None if series < 0 else market.score.series.keys[series][2] for series in score.series.tolist()]


def _spread(prices: Known) -> ColumnValues:
    dearest, cheapest = (extreme.reduce(prices.value, axis=1) for extreme in (np.fmax, np.fmin))
    return np.asarray(dearest / np.where(cheapest > 0, cheapest, np.nan))
