"""Which runs hang: a run's lock that is held for longer than any run may take, which locks out all later ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from common.files import run_lock
from common.files.run_lock import Holder


@dataclass(frozen=True)
class HungRun:
    """A lock under HOME, and who holds it."""

    lock: Path
    holder: Holder


def hung_runs(home: Path) -> list[HungRun]:
    """Find them. In real time, whatever time is rehearsed: the processes are real. Raises OSError."""
    now = datetime.now().astimezone()
    held = ((lock, run_lock.holder(lock)) for lock in sorted(home.glob("*/data/*.lock")))
    return [HungRun(lock, holder) for lock, holder in held if holder and holder.is_overdue(now)]
