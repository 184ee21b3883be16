"""The training table's rows: one a probe and look, with what was known when the request was made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collect_launch_time.dataset.arrow_rows import RecordBatch, Shape
from collect_launch_time.dataset.day_stream import MOMENT_FIELD
from collect_launch_time.dataset.known_columns import ValuesByColumn, known_columns
from collect_launch_time.dataset.requests import ByRequest, ProbeKey, by_request
from collect_launch_time.dataset.walk import DayOfRequests
from data_files.launches import training_table
from data_files.launches.instances import ACCOUNT, OTHERS, US
from data_files.launches.probes import FULFILLED, REFUSED, EndedProbe

_NEVER = -1.0


class OtherCauses(NamedTuple):
    """What others than the market did to a probe's instances."""

    is_accounts: bool = False
    """One of them was kept away by the account or the request."""
    ended_after: float = math.inf
    """Seconds from the request until which the first that others, or we, ended is known not to have been ready."""


class KnownFor(NamedTuple):
    """For how many seconds from the request each count of a probe's looks is the market's answer."""

    ready: float
    fulfilled: float
    running: float


def training_rows(days: Iterable[DayOfRequests], shape: Shape) -> Iterator[RecordBatch]:
    """Give the rows of the days' probes, a day at a time, ordered by the time of their request."""
    for day in days:
        if not len(day.looks):
            continue
        found = by_request(day.looks, day.pairs, day.looks["after"])
        others = _other_causes(day)
        ended = [day.ended.get(request.probe) for request in found.requests]
        known_for = [
            _known_for(probe, others.get(request.probe, OtherCauses()))
            for request, probe in zip(found.requests, ended, strict=True)
        ]
        yield shape.rows(
            known_columns(found.requests, day.market, ended, day.home), found.place, _of_look(found, known_for)
        )


def _of_look(found: ByRequest, known_for: Sequence[KnownFor]) -> ValuesByColumn:
    after = found.rows["after"] / 1000
    until = np.array(known_for, np.float64).reshape(-1, len(KnownFor._fields))[found.place]

    def count(name: str, place: int) -> NDArray[np.float64]:
        return np.where(after <= until[:, place], found.rows[name], np.nan)

    return {
        training_table.SECONDS: after,
        training_table.READY_INSTANCES: count("ready", 0),
        training_table.FULFILLED_INSTANCES: count("fulfilled", 1),
        training_table.RUNNING_INSTANCES: count("running", 2),
    }


def _known_for(probe: EndedProbe | None, others: OtherCauses) -> KnownFor:
    """Tell for how long the counts of a probe are the market's answer to all that was asked for."""
    if others.is_accounts or (probe and probe.ended == REFUSED):
        return KnownFor(_NEVER, _NEVER, _NEVER)
    if probe and probe.until == FULFILLED:  # each instance was ended before it could be ready
        return KnownFor(_NEVER, math.inf, _NEVER)
    # One that was ended can be ready no more; it was not at its last look, whose answers took a moment to come. Of what
    # we ended there are later looks only where its own switch had ended it while this machine slept.
    interval = (probe.status_interval if probe else None) or 0.0
    return KnownFor(others.ended_after + interval, math.inf, math.inf)


def _other_causes(day: DayOfRequests) -> Mapping[ProbeKey, OtherCauses]:
    """Tell of each probe with such instances what others than the market did to those that were never ready."""
    found: dict[ProbeKey, OtherCauses] = {}
    is_not_markets = np.isin(day.instances["ended_by"].astype(str), (ACCOUNT, OTHERS, US))
    rows = day.instances[is_not_markets & np.isnan(day.instances["ready"])]
    for moment, pair, ended_by, last_no in zip(
        *(rows[name].tolist() for name in (MOMENT_FIELD, "pair", "ended_by", "not_ready")), strict=True
    ):
        region, instance = day.pairs.keys[pair]
        key = (moment, region, instance)
        before = found.get(key, OtherCauses())
        if ended_by == ACCOUNT:
            found[key] = before._replace(is_accounts=True)
        else:
            after = 0.0 if math.isnan(last_no) else last_no
            found[key] = before._replace(ended_after=min(before.ended_after, after))
    return found
