"""The journal, written and read with the run's own clock."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from common.clock import Clock
from data_files.launches import journal
from data_files.launches.journal import Closing, Entry


class RunJournal:
    """The journal under a HOME; safe to write to from many threads."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home = home
        self._clock = clock

    def write(self, event: str, entry: Entry, moment: datetime | None = None) -> None:
        """Add a row, dated now if no moment is given, and sync it to the disk; raises Unwritable."""
        journal.write(self._home, event, entry, moment or self._clock.now())

    def entries(self) -> dict[str, Entry]:
        """Give every recent entry by its token."""
        return journal.entries(self._home, self._clock.now().date())

    def unclosed_entries(self) -> list[Entry]:
        """Give the entries that are not closed, oldest first."""
        return journal.unclosed_entries(self._home, self._clock.now().date())

    def names_region(self, region: str) -> bool:
        """Tell whether anything was ever asked for in a Region."""
        return journal.names_region(self._home, region)

    def closings(self) -> set[Closing]:
        """Give the time and the pair of every recent `closed` row."""
        return journal.closings(self._home, self._clock.now().date())

    def disown(self) -> list[Entry]:
        """Close every open entry, since all are another installation's, and give them. Raises Unwritable."""
        entries = self.unclosed_entries()
        for entry in entries:
            self.write(journal.CLOSED, entry)
        return entries

    def carry_over(self, entries: Iterable[Entry]) -> None:
        """Write open entries into today's file too, so that they stay among the recent ones."""
        today = self._clock.now().date()
        for entry in entries:
            if entry.day != today:
                self.write(journal.REQUESTED if entry.request_ids else journal.INTENDED, entry)
