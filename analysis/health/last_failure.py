"""What the newest poll that failed said in its log: the cause where polls are missing though cron runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from common.run_log import RECORD, told_by
from data_files.folders import Folders

_TAIL_BYTES = 65_536
_LONGEST = 300
_POLL = "collect_sps_and_if"


@dataclass(frozen=True)
class Failure:
    """When a poll failed, and its words."""

    time: datetime
    words: str


def last_failure(home: Path, since: datetime | None, now: datetime) -> Failure | None:
    """Give what a poll told last of what needs a person, in the newest log until now, if that is after a moment.

    Raises OSError.
    """
    folder = Folders(home, _POLL).log
    logs = sorted(path for path in folder.glob("*.log") if path.stem <= f"{now:%Y-%m-%d}")
    for line in reversed(_tail(logs[-1]) if logs else []):
        record = RECORD.match(line)
        # The night's work writes into the same log.
        if not record or record[2] == "WARNING" or record[3] != told_by(_POLL):
            continue
        time = _time(record[1])
        if time and time <= now:
            return Failure(time, _shortened(record[4])) if since is None or time > since else None
    return None


def _tail(path: Path) -> list[str]:
    with path.open("rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL_BYTES))
        return file.read().decode(errors="replace").splitlines()


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …"
