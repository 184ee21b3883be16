"""Merge the rows of dated files into the order of time, whatever their order in the files, a few days at a time."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from data_files.csv_table import PassedOver

Item = TypeVar("Item")

# A file's date is local, and the machine may change its time zone, but no row's UTC time is further from it than this.
_SPREAD = timedelta(days=2)


def in_time_order(
    days: Iterable[date],
    read: Callable[[date], Iterable[tuple[float, Item]]],
    passed_over: PassedOver,
) -> Iterator[tuple[float, Item]]:
    """Give the items that read gives for each day, ordered by moment (seconds since 1970), then by item.

    The days must be ordered. An item whose moment lies days away from its day is dropped, and passed_over called:
    to wait for such items would mean to hold everything in memory.
    """
    waiting: list[tuple[float, Item]] = []
    for day in days:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        earliest = (midnight - _SPREAD).timestamp()
        latest = (midnight + timedelta(days=1) + _SPREAD).timestamp()
        while waiting and waiting[0][0] < earliest:
            yield heapq.heappop(waiting)
        for entry in read(day):
            if earliest <= entry[0] < latest:
                heapq.heappush(waiting, entry)
            else:
                passed_over(1)
    while waiting:
        yield heapq.heappop(waiting)
