"""The measurement's rows on disk; what a full disk refuses is kept and tried again with the next rows."""

import logging
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from collect_launch_time.problems import Problems
from collect_launch_time.tables import INSTANCES, LOOKS, SPENDING, Tables
from common import csv_file
from common.csv_file import Cell
from common.errors import Unwritable

log = logging.getLogger(__name__)

Row = Sequence[Cell]


class Records:
    """Writes looks, instances and spending; a disk that is full never stops a probe from being ended."""

    def __init__(self, tables: Tables, problems: Problems) -> None:
        self._tables = tables
        self._problems = problems
        self._lock = threading.Lock()
        self._unsaved: dict[tuple[Path, tuple[str, ...]], list[Row]] = {}

    def looks(self, requested: date, rows: Sequence[Row]) -> None:
        """Add the looks of probes that were requested on a day."""
        self._add(self._tables.looks(requested), LOOKS, rows)

    def instances(self, requested: date, rows: Sequence[Row]) -> None:
        """Add what became of spot requests made on a day."""
        self._add(self._tables.instances(requested), INSTANCES, rows)

    def spending(self, day: date, rows: Sequence[Row]) -> bool:
        """Add what was spent, and tell whether it is on disk."""
        return self._add(self._tables.spending(day), SPENDING, rows)

    def save_rest(self) -> None:
        """Try once more to save what could not be saved; name what is lost."""
        for path, header in list(self._unsaved):
            self._add(path, header, ())
        for (path, _), rows in self._unsaved.items():
            self._problems.add(f"{len(rows)} rows could not be written", str(path))

    def _add(self, path: Path, header: tuple[str, ...], rows: Sequence[Row]) -> bool:
        with self._lock:
            waiting = [*self._unsaved.pop((path, header), []), *rows]
            if not waiting:
                return True
            try:
                csv_file.append(path, header, waiting)
            except Unwritable as failure:
                log.error("%s", failure)
                self._unsaved[path, header] = waiting
                return False
            return True
