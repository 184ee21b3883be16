"""The recorded probes and their looks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from data_files.csv_table import PassedOver
from data_files.launches import looks
from data_files.market.polled import Pair


class Look(NamedTuple):
    """One look: seconds after the request, and how many instances had been ready, fulfilled, running by then."""

    seconds: float
    ready: int | None
    fulfilled: int | None
    running: int | None


@dataclass(frozen=True, order=True)
class Probe:
    """One probe, with its looks ordered by time."""

    region: str
    instance: str
    request_time: datetime
    instance_count: int
    looks: tuple[Look, ...] = field(compare=False)


def probed_pairs(home: Path, day: date) -> set[Pair]:
    """Give the pairs that were probed on a day."""
    return {(row.region, row.instance) for row in looks.FILES.rows(home, day)}


def read_probes(home: Path, day: date, passed_over: PassedOver) -> Iterator[tuple[float, Probe]]:
    """Give a day's probes, each with the moment of its request. Of two looks at the same time, the last row counts."""
    found: dict[tuple[str, str, datetime, int], dict[float, Look]] = {}
    contradictory = 0
    for row in looks.FILES.rows(home, day, passed_over):
        if row.is_contradictory:
            contradictory += 1
            continue
        probe = row.region, row.instance, row.request_time, row.instance_count
        seconds = round(row.seconds, 3)
        look = Look(seconds, row.ready_instances, row.fulfilled_instances, row.running_instances)
        found.setdefault(probe, {})[seconds] = look
    if contradictory:
        passed_over(contradictory)
    for probe, by_time in found.items():
        yield probe[2].timestamp(), Probe(*probe, looks=tuple(by_time[seconds] for seconds in sorted(by_time)))
