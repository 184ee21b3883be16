"""The instance table's rows: one a spot request and stage, with what was known when the request was made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from collect_launch_time.dataset.arrow_rows import RecordBatch, Shape
from collect_launch_time.dataset.day_stream import MOMENT_FIELD, Rows
from collect_launch_time.dataset.known_columns import ValuesByColumn, known_columns, least
from collect_launch_time.dataset.market import Market
from collect_launch_time.dataset.requests import ByRequest, Request, by_request
from collect_launch_time.dataset.walk import DayOfRequests
from data_files.cell_arrays import Integers
from data_files.launches import instance_table as table
from data_files.launches.instances import ACCOUNT, CAUSE, ZONE
from data_files.launches.probes import ALL_FULFILLED, ALL_READY, FULFILLED, REFUSED, TIMED_OUT, EndedProbe

_STAGES = len(table.STAGES)
_SEEN_TO_THE_END = (ALL_READY, ALL_FULFILLED, TIMED_OUT)
_NO_ZONE = ("", "")


def instance_rows(days: Iterable[DayOfRequests], shape: Shape) -> Iterator[RecordBatch]:
    """Give the rows of the days' instances, a day at a time, ordered by request, instance and stage."""
    for day in days:
        if not len(day.instances):
            continue
        found = by_request(day.instances, day.pairs, _ids(day.instances))
        ended = [day.ended.get(request.probe) for request in found.requests]
        of_probe = known_columns(_counted(found, ended), day.market, ended, day.home)
        shared = {**_of_instance(found), **_of_zone(found, day.market)}
        of_row = {column: np.repeat(values, _STAGES) for column, values in shared.items()}
        yield shape.rows(of_probe, np.repeat(found.place, _STAGES), {**of_row, **_of_stage(found, ended)})


def _ids(rows: Rows) -> Integers:
    """Number the rows by request id, those without one each on its own."""
    ids = ["" if one is None else one for one in rows["id"]]
    _, ranks = np.unique(np.array(ids, np.str_), return_inverse=True)
    return np.where(np.array(ids, np.object_) == "", len(ids) + np.arange(len(ids)), ranks)


def _counted(found: ByRequest, ended: Sequence[EndedProbe | None]) -> Sequence[Request]:
    """Give the requests with the number of instances asked for; where nothing says it, of those with a row."""
    rows = np.bincount(found.place, minlength=len(found.requests)).tolist()
    return [
        request._replace(asked=(probe.instance_count if probe else None) or count)
        for request, probe, count in zip(found.requests, ended, rows, strict=True)
    ]


def _of_instance(found: ByRequest) -> ValuesByColumn:
    first_of_probe = np.searchsorted(found.place, found.place)
    return {table.INSTANCE_NUMBER: np.arange(len(found.rows)) - first_of_probe + 1, ZONE: found.rows["place"]}


def _of_zone(found: ByRequest, market: Market) -> ValuesByColumn:
    zones = zip((found.requests[place].region for place in found.place.tolist()), found.rows["place"], strict=True)
    groups = [(region, zone) if zone else _NO_ZONE for region, zone in zones]
    scores = market.zone_score.known(groups, found.rows[MOMENT_FIELD])
    score = scores.pick(least(scores.age_seconds))
    keys = market.zone_score.series.keys
    names = [None if series < 0 else keys[series][2] for series in score.series.tolist()]
    return {
        table.ZONE_SPS: score.value,
        table.ZONE_SPS_AGE: score.age_seconds,
        table.ZONE_SPS_NAME: np.fromiter(names, np.object_, len(names)),
    }


def _of_stage(found: ByRequest, ended: Sequence[EndedProbe | None]) -> ValuesByColumn:
    rows, place = found.rows, found.place
    first_yes = np.stack([rows["fulfilled"], rows["running"], rows["ready"]], axis=1)
    last_no = np.stack([rows["not_fulfilled"], rows["not_running"], rows["not_ready"]], axis=1)
    is_censored = np.isnan(first_yes)
    # Nothing had come at the request. What never came had not come at any look that saw the instance not ready.
    last_no = np.where(is_censored, np.fmax(last_no, last_no[:, 2:]), np.fmax(last_no, 0))
    ends = np.array([_end(probe) for probe in ended], np.float64)[place, np.newaxis]
    last_no = np.where(is_censored & np.isnan(last_no), ends, last_no)
    is_refused = np.array([probe is not None and probe.ended == REFUSED for probe in ended], np.bool_)
    says_no_more = np.array([probe is not None and probe.until == FULFILLED for probe in ended], np.bool_)
    is_unknown = is_censored & ((rows["ended_by"] == ACCOUNT) | is_refused[place])[:, np.newaxis]
    is_unknown[:, 1:] |= says_no_more[place, np.newaxis]
    last_no, first_yes = (np.where(is_unknown, np.nan, seconds) for seconds in (last_no, first_yes))
    entry = np.zeros(last_no.shape)
    entry[:, 1:] = np.fmin(np.nan_to_num(last_no[:, :-1]), np.nan_to_num(last_no[:, 1:], nan=np.inf))
    causes = np.repeat(rows["ended_by"], _STAGES)
    causes[~np.isnan(first_yes).ravel()] = None
    return {
        table.STAGE: list(table.STAGES) * len(rows),
        table.ENTRY: entry.ravel(),
        table.LAST_NO: last_no.ravel(),
        table.FIRST_YES: first_yes.ravel(),
        CAUSE: causes,
    }


def _end(probe: EndedProbe | None) -> float:
    """Give after how many seconds a probe ended, if its instances were watched until then; else NaN."""
    if probe is None or probe.end_time is None or probe.ended not in _SEEN_TO_THE_END:
        return math.nan
    return (probe.end_time - probe.request_time).total_seconds()
