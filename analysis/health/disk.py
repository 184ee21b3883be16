"""How much is collected, how much more each day, and for how long the disk has room."""

from __future__ import annotations

import os
import stat
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
_MEASURED_FILES = 31
"""Of a folder, besides those of the days that are kept plain; of older ones some are measured for all."""
_OLDER_ALIKE = 31  # no multiple of a week, as weekends may differ
_LEAST_BYTES = 50_000  # a day with less tells nothing: a night's report, and no polls


@dataclass(frozen=True)
class Disk:
    """The disk that HOME is on."""

    place: Path
    """HOME, or the nearest folder above it that exists."""
    free_bytes: int
    data_bytes: int
    """All that lies in the data folders under HOME; of files of long ago one in 31 is measured for all."""
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
    place = nearest_existing(home)
    room = os.statvfs(place)
    of_day: defaultdict[str, int] = defaultdict(int)
    of_logs: defaultdict[str, int] = defaultdict(int)
    packed: set[str] = set()
    data_bytes = 0.0
    for name, size, alike in _files(home.glob("*/data"), _MEASURED_FILES + keep_plain_days):
        data_bytes += size * alike
        of_day[day := name[:10]] += size
        if name.endswith(".csv.gz"):
            packed.add(day)
    for name, size, _ in _files(home.glob("*/log"), _MEASURED_FILES + keep_plain_days):
        of_logs[name[:10]] += size
    past = [(today - timedelta(days=back)).isoformat() for back in range(1, max(keep_plain_days, _MEASURED_DAYS) + 1)]
    plain = [day for day in past if of_day[day] + of_logs[day] >= _LEAST_BYTES and day not in packed]
    return Disk(
        place,
        room.f_bavail * room.f_frsize,
        round(data_bytes),
        _mean([of_day[day] + of_logs[day] for day in plain if day in past[:_MEASURED_DAYS]]),
        _mean([of_day[day] for day in sorted(packed)[-_MEASURED_DAYS:]]),
        keep_plain_days - sum(day in plain for day in past[:keep_plain_days]) if keep_plain_days else None,
    )


def _mean(sizes: Sequence[int]) -> float | None:
    return sum(sizes) / len(sizes) if sizes else None


def nearest_existing(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _files(folders: Iterator[Path], newest: int) -> Iterator[tuple[str, int, float]]:
    """Give name and size of files in folders and those in them, and for how many each stands in a sum of sizes.

    Of the files by day in a folder, the newest so many stand for themselves; of older ones, of which there are
    thousands after years, some for all of their kind. What goes away meanwhile is passed over.
    """
    waiting = [str(folder) for folder in folders]
    while waiting:
        folder = waiting.pop()
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            for name, alike in _told(os.listdir(descriptor), newest):
                # By a descriptor, as the system then does not look the folder up again for each of hundreds of files.
                found = _found(name, descriptor)
                if found and stat.S_ISDIR(found.st_mode):
                    waiting.append(os.path.join(folder, name))
                elif found:
                    yield name, found.st_size, alike
        except OSError:
            continue
        finally:
            os.close(descriptor)


def _told(names: Sequence[str], newest: int) -> Iterator[tuple[str, float]]:
    """Choose the names of a folder to look at, each with the number of files that it stands for."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        by_kind[name[10:] if name[4:8:3] == "--" else ""].append(name)
    for kind, alike in by_kind.items():
        alike.sort(reverse=True)
        own = alike[:newest] if kind else alike
        older = alike[len(own) :]
        some = older[::_OLDER_ALIKE]
        yield from ((name, 1.0) for name in own)
        yield from ((name, len(older) / len(some)) for name in some)


def _found(name: str, folder: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
