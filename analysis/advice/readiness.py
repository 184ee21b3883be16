"""How many instances of a pair got ready, and after how long: from the probes of the last 14 days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from analysis.reading import NotingReader
from analysis.statistics.kaplan_meier import Wait, seconds_to_share, share_come
from analysis.statistics.wilson import wilson_interval
from data_files.launches import instances, probes
from data_files.launches.probes import EndedProbe
from data_files.market.polled import Pair

PERIOD = timedelta(days=14)
"""Probes requested longer ago do not count: capacity moves."""

_COLUMNS = (
    instances.REGION, instances.INSTANCE, instances.REQUEST_TIME, instances.NOT_READY_TIME, instances.READY_TIME,
)  # fmt: skip

_Key = tuple[float, str, str]
"""Of a probe: seconds since 1970 at its request, Region, instance type."""


@dataclass(frozen=True)
class Readiness:
    """What the probes of a pair showed that were run until ready and ended by readiness or by timeout.

    waits has an element for each instance asked for: its time to readiness, or how long it is known not to have been
    ready. Shares are of all instances asked for; times are in seconds since the request.
    """

    probes: int = 0
    waits: Sequence[Wait] = field(default=(), repr=False)
    last_probe: datetime | None = None
    """The start of the newest of these probes."""

    @property
    def asked(self) -> int:
        """Count the instances asked for."""
        return len(self.waits)

    @cached_property
    def ready(self) -> int:
        """Count the instances that got ready."""
        return sum(wait.has_come for wait in self.waits)

    @property
    def share(self) -> float | None:
        """Give the share that got ready; None without a probe."""
        return self.ready / self.asked if self.asked else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Give the 90 % interval of the share, by Wilson; None without a probe."""
        return wilson_interval(self.ready, self.asked) if self.asked else None

    @cached_property
    def steps(self) -> Sequence[tuple[float, float]]:
        """Give the estimated share that is ready by each time, by Kaplan and Meier."""
        return share_come(self.waits)

    def seconds_to(self, share: float) -> float | None:
        """Give the least time by which a share is ready; None if the estimate never reaches it."""
        return seconds_to_share(self.steps, share)


NEVER_PROBED = Readiness()


def measured_readiness(reader: NotingReader, now: datetime, types: Collection[str] = ()) -> dict[Pair, Readiness]:
    """Give what was measured of each pair in the 14 days before a moment; of some types, or without any of all."""
    probed: defaultdict[Pair, list[_Probe]] = defaultdict(list)
    day = now.date() + timedelta(days=1)  # a file's date may be another time zone's
    while day >= (now - PERIOD).date() - timedelta(days=1):
        for probe in _probes_of(reader, day, now, types).values():
            probed[probe.row.region, probe.row.instance].append(probe)
        day -= timedelta(days=1)
    return {
        pair: Readiness(
            probes=len(own),
            waits=[wait for probe in own for wait in probe.all_waits()],
            last_probe=max(probe.row.request_time for probe in own),
        )
        for pair, own in probed.items()
    }


@dataclass
class _Probe:
    row: EndedProbe
    waits: list[Wait] = field(default_factory=list)
    unseen: int = 0
    """Instances of which no look said that they were not ready."""

    def all_waits(self) -> Iterator[Wait]:
        """Give a wait for each instance asked for, whether its request left a row or not."""
        yield from self.waits
        missing = max(0, (self.row.instance_count or 0) - len(self.waits) - self.unseen)
        yield from [Wait(self._seconds, False)] * (self.unseen + missing)

    @property
    def _seconds(self) -> float:
        if self.row.end_time is None:
            return self.row.timeout or 0.0
        return max(0.0, (self.row.end_time - self.row.request_time).total_seconds())


def _probes_of(reader: NotingReader, day: date, now: datetime, types: Collection[str]) -> dict[_Key, _Probe]:
    path = probes.FILES.path(reader.home, day)
    rows: Collection[EndedProbe] = ()
    with reader.noting_errors(path):
        rows = probes.ended_probes(reader.home, day, reader.counting(path)).values()
    found = {
        (row.request_time.timestamp(), row.region, row.instance): _Probe(row)
        for row in rows
        if now - PERIOD < row.request_time <= now and _counts(row) and (not types or row.instance in types)
    }
    if found:
        _add_instances(found, reader, day)
    return found


def _counts(probe: EndedProbe) -> bool:
    # Stricter than `tells_readiness`: of a probe that says neither, nobody knows that it waited for readiness.
    return probe.until == probes.READY and probe.ended in (probes.ALL_READY, probes.TIMED_OUT)


def _add_instances(found: dict[_Key, _Probe], reader: NotingReader, day: date) -> None:
    rows = reader.columns(instances.FILES, day, *_COLUMNS)
    if rows is None:
        return
    region, instance = rows.coded(instances.REGION), rows.coded(instances.INSTANCE)
    asked, not_ready, ready = (
        rows.times(column).utc for column in (instances.REQUEST_TIME, instances.NOT_READY_TIME, instances.READY_TIME)
    )
    columns = (asked, region.codes, instance.codes, (ready - asked).round(3), (not_ready - asked).round(3))
    for moment, place, kind, yes, no in zip(*(column.tolist() for column in columns), strict=True):
        probe = found.get((moment, region.values[place], instance.values[kind]))
        if probe is None:
            continue
        if yes == yes:  # NaN, where it was never seen ready, differs from itself
            probe.waits.append(Wait(max(0.0, yes), True))
        elif no == no:
            probe.waits.append(Wait(max(0.0, no), False))
        else:
            probe.unseen += 1
