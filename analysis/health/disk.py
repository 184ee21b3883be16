"""How much is collected, how much more each day, and for how long the disk has room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

LEAST_FREE_BYTES = 1_000_000_000
LEAST_DAYS = 30

_MEASURED_DAYS = 7


@dataclass(frozen=True)
class Disk:
    """The disk that HOME is on."""

    place: Path
    """HOME, or the nearest folder above it that exists."""
    free_bytes: int
    size_bytes: int
    data_bytes: int
    """All that lies in the data folders under HOME."""
    bytes_a_day: float | None
    """What a day's files take, logs too: the mean of those of the last 7 past days that have any; None without any."""

    @property
    def days_left(self) -> int | None:
        """Tell for how many days of collecting there is room; None if nothing tells."""
        return int(self.free_bytes // self.bytes_a_day) if self.bytes_a_day else None

    @property
    def is_short(self) -> bool:
        """Tell whether there is less than 1 GB, or less than 30 days of collecting."""
        return self.free_bytes < LEAST_FREE_BYTES or (self.days_left is not None and self.days_left < LEAST_DAYS)


def disk(home: Path, today: date) -> Disk:
    """Measure the disk and what lies under HOME. Raises OSError."""
    place = standing(home)
    room = os.statvfs(place)
    by_day = {(today - timedelta(days=back)).isoformat(): 0 for back in range(1, _MEASURED_DAYS + 1)}
    data_bytes = _add_up(home.glob("*/data"), by_day)
    _add_up(home.glob("*/log"), by_day)
    measured = [size for size in by_day.values() if size]
    return Disk(
        place,
        room.f_bavail * room.f_frsize,
        room.f_blocks * room.f_frsize,
        data_bytes,
        sum(measured) / len(measured) if measured else None,
    )


def standing(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _add_up(folders: Iterator[Path], by_day: dict[str, int]) -> int:
    """Give the size of all files in folders and those in them, and add to by_day that of the days it has.

    What goes away meanwhile is passed over.
    """
    waiting = [str(folder) for folder in folders]
    total = 0
    while waiting:
        folder = waiting.pop()
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            # By a descriptor, as the system then does not look the folder up again for each of thousands of files.
            for entry in os.scandir(descriptor):
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(os.path.join(folder, entry.name))
                        continue
                    size = entry.stat(follow_symlinks=False).st_size
                except OSError:
                    continue
                total += size
                if (day := entry.name[:10]) in by_day:
                    by_day[day] += size
        except OSError:
            continue
        finally:
            os.close(descriptor)
    return total
