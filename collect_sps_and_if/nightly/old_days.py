"""What is done with days that are long over: their files are compressed, and their logs go, so that the disk lasts."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from common.clock import steady_seconds
from common.errors import Unwritable
from common.files.compressed_file import compress
from data_files.folders import COLLECTORS, WITH_LOGS, Folders

log = logging.getLogger(__name__)

_SECONDS = 120.0  # for a night: a backlog of years is worked off in a few
_TIMES_AS_OLD = 3  # logs are kept for as many times as long as files stay plain


def tidy(home: Path, today: date, keep_plain_days: int, seconds: float = _SECONDS) -> list[str]:
    """Compress the files of days older than keep_plain_days, oldest first, and delete logs three times as old.

    0 keeps everything as it is. Gives the one line about what failed, if anything; what is left is for the next night.
    """
    if not keep_plain_days:
        return []
    over = steady_seconds() + seconds
    try:
        for path in _before(today - timedelta(days=_TIMES_AS_OLD * keep_plain_days), _logs(home)):
            path.unlink(missing_ok=True)
        packed = 0
        for path in _before(today - timedelta(days=keep_plain_days), _files(home)):
            if steady_seconds() > over:
                log.info("more files of old days are left for the next night")
                break
            compress(path)
            packed += 1
        log.info("%d files of old days compressed", packed)
    except (OSError, Unwritable) as error:
        return [f"files of days that are over are not compressed: {error}"]
    return []


def _before(first_kept: date, paths: Iterator[Path]) -> list[Path]:
    dated = ((_date(path), path) for path in paths)
    return [path for day, path in sorted((day, path) for day, path in dated if day and day < first_kept)]


def _files(home: Path) -> Iterator[Path]:
    for package in COLLECTORS:
        yield from Folders(home, package).data.rglob("????-??-??.csv")


def _logs(home: Path) -> Iterator[Path]:
    for package in WITH_LOGS:
        yield from Folders(home, package).log.glob("????-??-??.log")


def _date(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem)
    except ValueError:
        return None
