"""The newest score there is: of the day before, an older day, or the bootstrap."""

import logging
import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from collect_sps_and_if.planning import Worth
from collect_sps_and_if.tables import Tables
from common import csv_file
from common.dated_files import dated_files

log = logging.getLogger(__name__)


def newest_score(tables: Tables, before: date) -> Worth:
    """Give each pair's score from the newest usable file of a day before the given one; empty without any.

    A broken or empty file is passed over and logged.
    """
    for path in _candidates(tables, before):
        worth = _read(path)
        if worth:
            return worth
        log.warning("%s holds no score and is passed over", path)
    return {}


def _candidates(tables: Tables, before: date) -> Iterator[Path]:
    dated = dated_files(tables.data / "score")
    yield from (path for day, path in reversed(dated) if day < before)
    if tables.init_score.exists():
        yield tables.init_score


def _read(path: Path) -> Worth:
    worth: dict[tuple[str, str], float] = {}
    for row in csv_file.read(path):
        try:
            value = float(row["score"])
            pair = row["region"], row["instance"]
        except (KeyError, ValueError):
            log.warning("%s: a row without region, instance and score is passed over: %s", path, row)
            continue
        if math.isfinite(value) and value >= 0 and all(pair):
            worth[pair] = value
    return worth
