"""At most one run of a job at a time; the kernel frees the lock if we die."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from common.errors import Locked, Refusal

_RETRY_SECONDS = 0.1


@contextlib.contextmanager
def run_lock(path: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the lock while the block runs; wait up to wait_seconds for it, then raise Locked.

    The file stays: unlinking a lock file lets two runs hold "the" lock. Raises Refusal if it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        reason = error.strerror or error
        raise Refusal(f"cannot make the lock {path}: {reason}; the folder must exist and be writable") from error
    try:
        _take(descriptor, path, time.monotonic() + wait_seconds)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Locked(f"another run is under way (it holds {path}); this one leaves") from None
            time.sleep(min(_RETRY_SECONDS, left))
