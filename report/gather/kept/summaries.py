"""The folder of kept summaries, a file a day: good as long as the day's files, and what reads them, stay the same."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from common.files.compressed_file import compressed
from report.gather.day import FILES_OF_A_DAY, DaySummary
from report.gather.kept import kept_file, packing
from report.gather.polled import RequestOfPair, ScoreAndFrequency

_MADE_BY = ("report/gather", "analysis", "data_files", "common")
# A file that changes again within the same tick of the clock would look the same.
_SETTLED_AFTER = 2  # seconds

_Sources = list[tuple[int, ...] | None]
"""Of each file, plain and compressed, size and times of change; None: there is none."""

KeptSummary = tuple[DaySummary, dict[RequestOfPair, ScoreAndFrequency]]
"""A day's summary, and what its polls are known to answer."""


@dataclass
class KeptSummaries:
    """Kept summaries of the files under a HOME. What cannot be read or written is gone without."""

    folder: Path
    home: Path
    _sources: dict[date, _Sources] = field(default_factory=dict)
    _may_write: bool = True

    def summary(self, day: date) -> KeptSummary | None:
        """Give what is kept of a day; None if its files are to be read."""
        sources = self._sources_of(day)
        if _is_settled(sources):
            self._sources[day] = sources
        found = kept_file.read_kept(self._path(day), _as_kept(sources))
        return packing.from_arrays(*found) if found else None

    def keep(self, day: date, summary: DaySummary, answers: Mapping[RequestOfPair, ScoreAndFrequency]) -> None:
        """Keep a day's summary, made since it was asked for here, unless its files have changed meanwhile."""
        sources = self._sources_of(day)
        if not self._may_write or sources != self._sources.get(day):
            return
        self._may_write = kept_file.write_kept(self._path(day), _as_kept(sources), *packing.to_arrays(summary, answers))

    def prune(self, days: Collection[date]) -> None:
        """Delete what is of no day of these."""
        wanted = {self._path(day).name for day in days}
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                if path.name not in wanted:
                    path.unlink()

    def _path(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.summary"

    def _sources_of(self, day: date) -> _Sources:
        paths = (files.path(self.home, day) for files in FILES_OF_A_DAY)
        return [_stamp(each) for path in paths for each in (path, compressed(path))]


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _is_settled(sources: _Sources) -> bool:
    return max((stamp[1] for stamp in sources if stamp), default=0) / 1e9 < time.time() - _SETTLED_AFTER


def _as_kept(sources: _Sources) -> list[object]:
    """Give it as JSON gives it back, with the version of what reads the files."""
    return [_version(), *(stamp and list(stamp) for stamp in sources)]


def _version() -> str:
    return kept_file.code_version(_MADE_BY, np.__version__)
