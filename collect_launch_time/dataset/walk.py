"""All that is recorded under a HOME, a UTC day of requests after the other; only a few days are in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from collect_launch_time.dataset.day_stream import DayProgress, Rows, days_to_walk
from collect_launch_time.dataset.market import Market
from collect_launch_time.dataset.numbering import Numbering
from collect_launch_time.dataset.recorded import Recorded
from collect_launch_time.dataset.requests import ProbeKey
from data_files.csv_table import PassedOver
from data_files.launches.probes import EndedProbe


@dataclass(frozen=True)
class DayOfRequests:
    """What was recorded of the probes that were requested on a UTC day, and what was known by its end."""

    looks: Rows
    instances: Rows
    pairs: Numbering
    """Of the rows: Region and instance type."""
    ended: Mapping[ProbeKey, EndedProbe]
    market: Market
    home: Path


def walk(home: Path, passed_over: PassedOver, progress: DayProgress = iter) -> Iterator[DayOfRequests]:
    """Go through the days in order; what one gave must be used before the next is asked for.

    passed_over is called with numbers of rows that make no sense; progress wraps the days, to show how far it is.
    """
    recorded, market = Recorded(home, passed_over), Market(home, passed_over)
    for day in progress(days_to_walk(*recorded.streams, *market.streams)):
        market.learn(day)
        yield DayOfRequests(
            recorded.looks.through(day),
            recorded.instances.through(day),
            recorded.pairs,
            recorded.ended(day),
            market,
            home,
        )
        market.forget_before(day)
