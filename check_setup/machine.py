"""Whether this machine has what the programs need: folders to write to, and room on the disk."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import configs
from analysis.health.disk import PACKED_SHARE, USUAL_BYTES_A_DAY, Disk, disk, nearest_existing
from check_setup.finding import Finding, fine, to_do
from common.clock import Clock
from common.counted import counted
from common.errors import reason_of
from common.files.run_lock import without_locks
from data_files.folders import COLLECTORS, Folders

_DAYS_A_YEAR = 365.25


def check_folders() -> Iterator[Finding]:
    """See whether data, logs and locks can be written, and locks be held."""
    collectors = [Folders(configs.HOME, package) for package in COLLECTORS]
    folders = [folder for collector in collectors for folder in (collector.data, collector.log)]
    locks = [
        lock
        for collector in collectors
        for lock in collector.data.glob("*.lock")
        if not os.access(lock, os.R_OK | os.W_OK)
    ]
    troubles = [trouble for folder in folders if (trouble := _trouble(folder))]
    troubles += [f"{lock} cannot be opened for writing" for lock in locks]
    if troubles:
        yield to_do(
            "folders", f"{'; '.join(dict.fromkeys(troubles))}: give this user the folder, or set HOME elsewhere"
        )
    else:
        yield fine("folders", f"data, logs and locks can be written under {configs.HOME}")


def check_disk() -> Iterator[Finding]:
    """See whether there is room for what is collected."""
    found = disk(configs.HOME, Clock.start().started.date(), configs.KEEP_PLAIN_DAYS)
    given = "" if found.bytes_a_day else "with the default settings "
    found = replace(found, bytes_a_day=found.bytes_a_day or USUAL_BYTES_A_DAY)
    text = f"{found.free_bytes / 1e9:.1f} GB free at {found.place}, {_for_how_long(found)}: {given}{_growth(found)}"
    if found.is_short:
        yield to_do("disk", f"{text}: make room, or set HOME to a larger disk")
    else:
        yield fine("disk", text)


def _for_how_long(found: Disk) -> str:
    days = found.days_left or 0
    years = days / _DAYS_A_YEAR
    return f"room for about {counted(days, 'day')} of collecting" + (f" ({years:.0f} years)" if years >= 1.5 else "")


def _growth(found: Disk) -> str:
    plain = found.bytes_a_day or 0
    growth = f"a day takes {plain / 1e6:.1f} MB"
    if not configs.KEEP_PLAIN_DAYS:
        return growth
    packed = found.packed_bytes_a_day or plain * PACKED_SHARE
    return f"{growth}, and {packed / 1e6:.1f} MB after {configs.KEEP_PLAIN_DAYS} days, when it is compressed"


def _trouble(folder: Path) -> str | None:
    place = nearest_existing(folder)
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            return _lock_trouble(place, file.fileno())
    except OSError as error:
        return f"{place} cannot be written ({reason_of(error, place)})"


def _lock_trouble(place: Path, descriptor: int) -> str | None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return without_locks(place, error)
    return None
