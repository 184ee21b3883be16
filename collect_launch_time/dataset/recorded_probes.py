"""The probes and their looks, as the probe recorded them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from data_files.csv_table import PassedOver
from data_files.launches import looks
from data_files.market.polled import Pair


class Look(NamedTuple):
    """One look: so many seconds after the request, so many instances had been ready, fulfilled, running by then."""

    seconds: float
    ready: int | None
    fulfilled: int | None
    running: int | None


@dataclass(frozen=True, order=True)
class Probe:
    """One probe, with its looks in the order of time."""

    region: str
    instance: str
    request_time: datetime
    instance_count: int
    looks: tuple[Look, ...] = field(compare=False)


def probed_pairs(home: Path, day: date) -> set[Pair]:
    """Give the pairs that a day's probes are about."""
    return {(row.region, row.instance) for row in looks.FILES.rows(home, day)}


def read_probes(home: Path, day: date, passed_over: PassedOver) -> Iterator[tuple[float, Probe]]:
    """Give a day's probes, each with the moment of its request; of looks at the same time the last one counts."""
    seen: dict[tuple[str, str, datetime, int], dict[float, Look]] = {}
    contradictory = 0
    for row in looks.FILES.rows(home, day, passed_over):
        if row.is_contradictory:
            contradictory += 1
            continue
        probe = row.region, row.instance, row.request_time, row.instance_count
        seconds = round(row.seconds, 3)
        look = Look(seconds, row.ready_instances, row.fulfilled_instances, row.running_instances)
        seen.setdefault(probe, {})[seconds] = look
    if contradictory:
        passed_over(contradictory)
    for probe, own in seen.items():
        yield probe[2].timestamp(), Probe(*probe, looks=tuple(own[seconds] for seconds in sorted(own)))
