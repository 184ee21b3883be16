"""The journal as one run writes and reads it, by the run's own clock."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from common.clock import Clock
from data_files.launches import journal
from data_files.launches.journal import Closing, Entry


class RunJournal:
    """The journal under a HOME at the time of a run; safe to write to from many threads."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home = home
        self._clock = clock

    def write(self, event: str, entry: Entry, moment: datetime | None = None) -> None:
        """Add a row and sync it to the disk; raises Unwritable."""
        journal.write(self._home, event, entry, moment or self._clock.now())

    def entries(self) -> dict[str, Entry]:
        """Give what is known of every recent token."""
        return journal.entries(self._home, self._clock.now().date())

    def closings(self) -> set[Closing]:
        """Give the moment and the pair of every recent `closed` row."""
        return journal.closings(self._home, self._clock.now().date())

    def carry_over(self, entries: Iterable[Entry]) -> None:
        """Write what is still open into today's file, so that it stays among those that are read back."""
        today = self._clock.now().date()
        for entry in entries:
            if entry.day != today:
                self.write(journal.REQUESTED if entry.request_ids else journal.INTENDED, entry)
