"""What the probes recorded: looks, instances, and how each probe ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from collect_launch_time.dataset.day_stream import MOMENT_FIELD, DayStream, Rows, columns_stream, milliseconds, rows_of
from collect_launch_time.dataset.numbering import Numbering
from collect_launch_time.dataset.requests import ProbeKey, request_fields
from data_files.columnar import CodedValues, ColumnarRows
from data_files.csv_table import Column, PassedOver
from data_files.launches import instances, looks, probes
from data_files.launches.probes import EndedProbe

_OF_INSTANCES = (
    instances.REQUEST_ID, instances.REGION, instances.ZONE, instances.INSTANCE, instances.REQUEST_TIME,
    instances.NOT_FULFILLED_TIME, instances.FULFILLED_TIME, instances.NOT_RUNNING_TIME, instances.RUNNING_TIME,
    instances.NOT_READY_TIME, instances.READY_TIME, instances.CAUSE,
)  # fmt: skip


class Recorded:
    """The probes' files under a HOME, by UTC day of the request."""

    def __init__(self, home: Path, passed_over: PassedOver) -> None:
        self._home = home
        self._passed_over = passed_over
        self.pairs = Numbering()
        """Region and instance type."""
        self.looks = columns_stream(home, looks.FILES, looks.FILES.columns, self._read_looks, passed_over)
        """Fields: those of a request, seconds and counts."""
        self.instances = columns_stream(home, instances.FILES, _OF_INSTANCES, self._read_instances, passed_over)
        """Fields: those of a request, id, zone, ended_by, and for each stage the seconds of last no and first yes."""
        self.probes = DayStream(probes.FILES.days(home), self._read_probes, passed_over, _of_probes([]))

    def ended(self, day: date) -> Mapping[ProbeKey, EndedProbe]:
        """Give the probes of the next UTC day, the days ordered; of two rows of one probe the first counts."""
        rows = self.probes.through(day)
        found: dict[ProbeKey, EndedProbe] = {}
        for moment, probe in zip(rows[MOMENT_FIELD].tolist(), rows["probe"], strict=True):
            found.setdefault((moment, probe.region, probe.instance), probe)
        return found

    @property
    def streams(self) -> Sequence[DayStream]:
        """Give what it reads."""
        return self.looks, self.instances, self.probes

    def _read_looks(self, rows: ColumnarRows) -> Rows:
        asked = rows.times(looks.REQUEST_TIME)
        counts = {
            "ready": rows.numbers(looks.READY_INSTANCES),
            "fulfilled": rows.numbers(looks.FULFILLED_INSTANCES),
            "running": rows.numbers(looks.RUNNING_INSTANCES),
        }
        found = rows_of(
            **request_fields(asked),
            pair=self.pairs.of(rows.coded(looks.REGION), rows.coded(looks.INSTANCE)),
            count=rows.numbers(looks.INSTANCE_COUNT).astype(np.int64),
            after=milliseconds(rows.times(looks.CURRENT_TIME).utc) - milliseconds(asked.utc),
            **counts,
        )
        most = np.fmax.reduce([*counts.values(), np.zeros(len(rows))])
        is_wrong = looks.is_contradictory(found["count"], most, found["after"])
        if is_wrong.any():
            self._passed_over(int(is_wrong.sum()))
        return np.asarray(found[~is_wrong])

    def _read_instances(self, rows: ColumnarRows) -> Rows:
        asked = rows.times(instances.REQUEST_TIME)

        def seconds(column: Column) -> NDArray[np.float64]:
            return np.round(rows.times(column).utc - asked.utc, 3)

        return rows_of(
            **request_fields(asked),
            pair=self.pairs.of(rows.coded(instances.REGION), rows.coded(instances.INSTANCE)),
            count=np.zeros(len(rows), np.int64),
            id=_objects(rows.coded(instances.REQUEST_ID)),
            place=_objects(rows.coded(instances.ZONE)),
            ended_by=_objects(rows.coded(instances.CAUSE)),
            not_fulfilled=seconds(instances.NOT_FULFILLED_TIME),
            fulfilled=seconds(instances.FULFILLED_TIME),
            not_running=seconds(instances.NOT_RUNNING_TIME),
            running=seconds(instances.RUNNING_TIME),
            not_ready=seconds(instances.NOT_READY_TIME),
            ready=seconds(instances.READY_TIME),
        )

    def _read_probes(self, day: date) -> Rows:
        return _of_probes(list(probes.FILES.rows(self._home, day, self._passed_over)))


def _of_probes(rows: Sequence[EndedProbe]) -> Rows:
    asked = np.array([row.request_time.timestamp() for row in rows], np.float64)
    return rows_of(moment=milliseconds(asked), probe=np.fromiter(rows, np.object_, len(rows)))


def _objects(column: CodedValues) -> NDArray[np.object_]:
    return np.fromiter(column.values, np.object_, len(column.values))[column.codes]
