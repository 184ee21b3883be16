"""What dated files hold, in the order of time: a few days at once, whatever the order of the rows in them."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")

# A file's date is local, and the machine may have moved: what it holds is not further than this from that date in UTC.
_SPREAD = timedelta(days=2)


def in_time_order(
    files: Iterable[tuple[date, Path]],
    read: Callable[[Path], Iterable[tuple[float, Item]]],
    misfiled: Callable[[], None],
) -> Iterator[tuple[float, Item]]:
    """Give the items of files, which come by date, with their moments (seconds since 1970), by moment, then by item.

    An item whose moment lies days away from its file's date is passed over, and misfiled is told: to wait for such
    would be to hold everything in memory.
    """
    waiting: list[tuple[float, Item]] = []
    for day, path in files:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        earliest = (midnight - _SPREAD).timestamp()
        latest = (midnight + timedelta(days=1) + _SPREAD).timestamp()
        while waiting and waiting[0][0] < earliest:
            yield heapq.heappop(waiting)
        for entry in read(path):
            if earliest <= entry[0] < latest:
                heapq.heappush(waiting, entry)
            else:
                misfiled()
    while waiting:
        yield heapq.heappop(waiting)
