"""At most one run of a job at a time; the kernel frees the lock if we die."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from common.clock import iso, parse_iso, steady_seconds
from common.errors import Locked, Refusal, reason_of

_RETRY_SECONDS = 0.1
_LEAST_WAIT_SECONDS = 0.2  # whoever looks at who holds a lock holds it for that moment
_LONGEST_TEXT = 200
_NEVER = "-"
_UNDER_WAY, _HANGS = "another run is under way", "another run hangs"


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, by its own words: what a person needs to look at it."""

    process: int
    since: datetime
    over_by: datetime | None  # no run may take longer; None: there is no such time

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it holds the lock for longer than a run may take."""
        return self.over_by is not None and now > self.over_by


@contextlib.contextmanager
def run_lock(path: Path, wait_seconds: float = 0, longest_seconds: float | None = None) -> Iterator[None]:
    """Hold the lock while the block runs; wait up to wait_seconds for it, then raise Locked.

    longest_seconds is how long a run may take: who finds the lock held for longer is told that somebody must look. The
    file stays: unlinking a lock file lets two runs hold "the" lock. Raises Refusal if it cannot be made or held.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        reason = reason_of(error, path)
        raise Refusal(f"cannot make the lock {path}: {reason}; the folder must exist and be writable") from error
    try:
        _take(descriptor, path, steady_seconds() + max(wait_seconds, _LEAST_WAIT_SECONDS))
        try:
            _sign(descriptor, longest_seconds)
            yield
        finally:
            _clear(descriptor)
    finally:
        os.close(descriptor)


def holder(path: Path) -> Holder | None:
    """Give who holds a lock; None if nobody does, or the holder has not said who it is. Raises OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _signed(descriptor)
    except OSError:  # no locks on this file system, so that no run gets further than to be told that
        return None
    else:
        return None
    finally:
        os.close(descriptor)


def is_of_a_lock(line: str) -> bool:
    """Tell whether a line of a log is that of a run which found the lock held, and left."""
    return line.startswith((_UNDER_WAY, _HANGS))


def _take(descriptor: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            left = deadline - steady_seconds()
            if left <= 0:
                raise _locked(path, _signed(descriptor)) from None
            time.sleep(min(_RETRY_SECONDS, left))
        except OSError as error:
            raise Refusal(without_locks(path.parent, error)) from error


def without_locks(folder: Path, error: OSError) -> str:
    """Say that the folder's file system knows no locks, as some of NFS do, and what to do about it."""
    return (
        f"{folder} is on a file system without locks ({error.strerror or error}), so two runs could meet: set HOME to "
        "a folder of a disk of this machine (SPOT_HOME), or mount it with locks"
    )


def _locked(path: Path, by: Holder | None) -> Locked:
    if by is None:
        return Locked(f"{_UNDER_WAY} (it holds {path}); this one leaves")
    since = f"process {by.process} has held {path} since {iso(by.since)}"
    if by.is_overdue(datetime.now().astimezone()):
        return Locked(
            f"{_HANGS}, somebody must look at it: {since}, longer than a run may take; this one leaves",
            is_overdue=True,
        )
    return Locked(f"{_UNDER_WAY} ({since}); this one leaves")


def _sign(descriptor: int, longest_seconds: float | None) -> None:
    """Write into the lock file who holds it. Real time, whatever time is played: other programs read it."""
    now = datetime.now().astimezone().replace(microsecond=0)
    over_by = _NEVER if longest_seconds is None else iso(now + timedelta(seconds=round(longest_seconds)))
    with contextlib.suppress(OSError):  # a full disk: the lock itself is what counts
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {iso(now)} {over_by}\n".encode(), 0)


def _clear(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)


def _signed(descriptor: int) -> Holder | None:
    words = os.pread(descriptor, _LONGEST_TEXT, 0).decode(errors="replace").split()
    if len(words) != 3 or not words[0].isdecimal():
        return None
    since, over_by = parse_iso(words[1]), parse_iso(words[2])
    return Holder(int(words[0]), since, over_by) if since and (over_by or words[2] == _NEVER) else None
