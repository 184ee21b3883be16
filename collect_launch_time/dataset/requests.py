"""Requests: what a probe is known by, and the rows that belong to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

import numpy as np

from collect_launch_time.dataset.day_stream import MOMENT_FIELD, Rows, milliseconds
from collect_launch_time.dataset.numbering import Numbering
from data_files.cell_arrays import Integers
from data_files.columnar import Times

ProbeKey = tuple[int, str, str]
"""What tells a probe: its request in milliseconds since 1970, Region, instance type."""


class Request(NamedTuple):
    """One probe's request; in the order of time, then of Region, type and count."""

    moment: int
    """Milliseconds since 1970."""
    region: str
    instance: str
    asked: int
    """Instances asked for; 0 where the row does not say."""
    time: datetime
    """With the UTC offset it was written with."""

    @property
    def probe(self) -> ProbeKey:
        """Give what tells the probe."""
        return self.moment, self.region, self.instance


@dataclass(frozen=True)
class ByRequest:
    """Rows in the order of their requests."""

    requests: Sequence[Request]
    rows: Rows
    place: Integers
    """For every row the place of its request."""


def request_fields(times: Times) -> dict[str, Integers]:
    """Give the fields of a row that tell when its request was made, and the UTC offset that it was written with."""
    offset = np.rint(times.wall - times.utc).astype(np.int64)
    return {MOMENT_FIELD: milliseconds(times.utc), "offset": offset}


def by_request(rows: Rows, pairs: Numbering, then_by: Integers) -> ByRequest:
    """Order rows (fields: those of request_fields, pair, count) by request, and those of one request by a number.

    Of rows that are alike in all of it the last one is kept.
    """
    rank = _ranks(rows["pair"], pairs)
    order = np.lexsort((then_by, rows["count"], rank, rows[MOMENT_FIELD]))
    rows, then_by = rows[order], then_by[order]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = _differ(rows, "pair") | _differ(rows, MOMENT_FIELD) | _differ(rows, "count")
    is_last = np.ones(len(rows), np.bool_)
    is_last[:-1] = is_first[1:] | (then_by[1:] != then_by[:-1])
    place = (np.cumsum(is_first) - 1)[is_last]
    heads = np.flatnonzero(is_first)
    # Of a probe's rows that were written with two offsets, whatever their order.
    offsets = np.minimum.reduceat(rows["offset"], heads) if len(heads) else heads
    requests = [
        Request(moment, pairs.keys[pair][0], pairs.keys[pair][1], asked, _local(moment, offset))
        for moment, pair, asked, offset in zip(
            *(rows[name][heads].tolist() for name in (MOMENT_FIELD, "pair", "count")), offsets.tolist(), strict=True
        )
    ]
    return ByRequest(requests, rows[is_last], place)


def _ranks(pair: Integers, pairs: Numbering) -> Integers:
    """Give each pair its place among these by name: numbers go by the order in which they were met."""
    present, places = np.unique(pair, return_inverse=True)
    names = [pairs.keys[number] for number in present.tolist()]
    order = sorted(range(len(names)), key=names.__getitem__)
    ranks = np.empty(len(names), np.int64)
    ranks[order] = np.arange(len(names))
    return ranks[places]


def _differ(rows: Rows, name: str) -> Rows:
    return np.asarray(rows[name][1:] != rows[name][:-1])


def _local(moment: int, offset: int) -> datetime:
    return datetime.fromtimestamp(0, timezone(timedelta(seconds=offset))) + timedelta(milliseconds=moment)
