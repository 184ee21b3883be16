"""Write the rows of a run's probes; what a full disk refuses is kept and written with the next rows."""

import logging
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from collect_launch_time.problems import Problems
from common.errors import Unwritable
from data_files.csv_table import DatedFiles, Row
from data_files.launches import instances, looks, probes, refused_pairs, spending
from data_files.launches.instances import InstanceRow
from data_files.launches.looks import LookRow
from data_files.launches.probes import EndedProbe
from data_files.launches.refused_pairs import RefusedPair
from data_files.launches.spending import SpendingRow

log = logging.getLogger(__name__)


class Records:
    """Writes rows without raising: a full disk must not keep a probe from being ended."""

    def __init__(self, home: Path, problems: Problems) -> None:
        self._home = home
        self._problems = problems
        self._lock = threading.Lock()
        self._unsaved: dict[tuple[DatedFiles[Any], date], list[Any]] = {}

    def looks(self, requested: date, rows: Sequence[LookRow]) -> None:
        """Add looks at probes that were requested on a day."""
        self._add(looks.FILES, requested, rows)

    def instances(self, requested: date, rows: Sequence[InstanceRow]) -> None:
        """Add the outcomes of spot requests that were made on a day."""
        self._add(instances.FILES, requested, rows)

    def probe(self, row: EndedProbe) -> bool:
        """Add a probe that has ended, and tell whether it is on disk."""
        return self._add(probes.FILES, row.request_time.date(), [row])

    def spending(self, day: date, rows: Sequence[SpendingRow]) -> bool:
        """Add what was spent, and tell whether it is on disk."""
        return self._add(spending.FILES, day, rows)

    def refused_pair(self, row: RefusedPair, day: date) -> None:
        """Add a pair that AWS can never grant."""
        self._add(refused_pairs.FILES, day, [row])

    def save_rest(self) -> None:
        """Try once more to write what could not be written; report what is lost."""
        for files, day in list(self._unsaved):
            self._add(files, day, ())
        for (files, day), rows in self._unsaved.items():
            self._problems.add(f"{len(rows)} rows could not be written", str(files.path(self._home, day)))

    def _add(self, files: DatedFiles[Row], day: date, rows: Sequence[Row]) -> bool:
        with self._lock:
            waiting = [*self._unsaved.pop((files, day), []), *rows]
            if not waiting:
                return True
            try:
                files.append(files.path(self._home, day), waiting)
            except Unwritable as failure:
                log.error("%s", failure)
                self._unsaved[files, day] = waiting
                return False
            return True
