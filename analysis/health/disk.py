"""How much is collected, how much more each day, and for how long the disk has room."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

LEAST_FREE_BYTES = 1_000_000_000
LEAST_DAYS = 30
USUAL_BYTES_A_DAY = 10_000_000
"""What a day takes with the default settings: docs/installation.md reckons it up."""
PACKED_SHARE = 0.1
"""Of a day's bytes, at the most, what is left once it is compressed; it is some 7 %."""

_MEASURED_DAYS = 7
_LEAST_BYTES = 50_000  # a day with less tells nothing: a night's report, and no polls


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
    """What a day's files take, logs too: the mean of the last 7 past days that have any and are plain; None without."""
    packed_bytes_a_day: float | None = None
    """What is left of it once a day is compressed: the mean of the last 7 such days; None without any."""
    plain_days: int | None = None
    """For how many days more nothing is compressed, since no day is old enough; None: it never is."""

    @property
    def days_left(self) -> int | None:
        """Tell for how many days of collecting there is room; None if nothing tells.

        Days pile up plain until the first is old enough; from then on each that comes compresses another.
        """
        if not self.bytes_a_day:
            return None
        plain_days = int(self.free_bytes // self.bytes_a_day)
        if self.plain_days is None or plain_days <= self.plain_days:
            return plain_days
        left = self.free_bytes - self.plain_days * self.bytes_a_day
        return self.plain_days + int(left // (self.packed_bytes_a_day or self.bytes_a_day * PACKED_SHARE))

    @property
    def is_short(self) -> bool:
        """Tell whether there is less than 1 GB, or less than 30 days of collecting."""
        return self.free_bytes < LEAST_FREE_BYTES or (self.days_left is not None and self.days_left < LEAST_DAYS)


def disk(home: Path, today: date, keep_plain_days: int = 0) -> Disk:
    """Measure the disk and what lies under HOME, where days older than keep_plain_days are compressed; 0: none is.

    Raises OSError.
    """
    place = standing(home)
    room = os.statvfs(place)
    of_day: defaultdict[str, int] = defaultdict(int)
    of_logs: defaultdict[str, int] = defaultdict(int)
    packed: set[str] = set()
    data_bytes = 0
    for name, size in _files(home.glob("*/data")):
        data_bytes += size
        of_day[day := name[:10]] += size
        if name.endswith(".csv.gz"):
            packed.add(day)
    for name, size in _files(home.glob("*/log")):
        of_logs[name[:10]] += size
    past = [(today - timedelta(days=back)).isoformat() for back in range(1, max(keep_plain_days, _MEASURED_DAYS) + 1)]
    plain = [day for day in past if of_day[day] + of_logs[day] >= _LEAST_BYTES and day not in packed]
    return Disk(
        place,
        room.f_bavail * room.f_frsize,
        room.f_blocks * room.f_frsize,
        data_bytes,
        _mean([of_day[day] + of_logs[day] for day in plain if day in past[:_MEASURED_DAYS]]),
        _mean([of_day[day] for day in sorted(packed)[-_MEASURED_DAYS:]]),
        keep_plain_days - sum(day in plain for day in past[:keep_plain_days]) if keep_plain_days else None,
    )


def _mean(sizes: Sequence[int]) -> float | None:
    return sum(sizes) / len(sizes) if sizes else None


def standing(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _files(folders: Iterator[Path]) -> Iterator[tuple[str, int]]:
    """Give the name and size of every file in folders and those in them; what goes away meanwhile is passed over."""
    waiting = [str(folder) for folder in folders]
    while waiting:
        folder = waiting.pop()
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            # By a descriptor, as the system then does not look the folder up again for each of thousands of files.
            for entry in list(os.scandir(descriptor)):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(os.path.join(folder, entry.name))
                    continue
                try:
                    yield entry.name, entry.stat(follow_symlinks=False).st_size
                except OSError:
                    continue
        except OSError:
            continue
        finally:
            os.close(descriptor)
