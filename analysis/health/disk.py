"""How much is collected, how much more each day, and for how long the disk has room."""

from __future__ import annotations

import os
from collections import Counter
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
    by_day: Counter[str] = Counter()
    data_bytes = 0
    for name, size in _files(home.glob("*/data")):
        data_bytes += size
        by_day[name[:10]] += size
    for name, size in _files(home.glob("*/log")):
        by_day[name[:10]] += size
    past = [(today - timedelta(days=back)).isoformat() for back in range(1, _MEASURED_DAYS + 1)]
    measured = [by_day[day] for day in past if by_day[day]]
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


def _files(folders: Iterator[Path]) -> Iterator[tuple[str, int]]:
    """Give the name and size of every file in folders and those in them; what goes away meanwhile is passed over."""
    waiting = [str(folder) for folder in folders]
    while waiting:
        try:
            found = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
                continue
            try:
                yield entry.name, entry.stat(follow_symlinks=False).st_size
            except OSError:
                continue
