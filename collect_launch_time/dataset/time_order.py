"""What dated files hold, in the order of time: a few days at once, whatever the order of the rows in them."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from data_files.csv_table import PassedOver

Item = TypeVar("Item")

# A file's date is local, and the machine may have moved: what it holds is not further than this from that date in UTC.
_SPREAD = timedelta(days=2)


def in_time_order(
    days: Iterable[date],
    read: Callable[[date], Iterable[tuple[float, Item]]],
    misfiled: PassedOver,
) -> Iterator[tuple[float, Item]]:
    """Give what days hold, which come by date: items with their moments (seconds since 1970), by moment, then by item.

    An item whose moment lies days away from the day it is filed under is passed over, and misfiled is told: to wait for
    such would be to hold everything in memory.
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
                misfiled(1)
    while waiting:
        yield heapq.heappop(waiting)
