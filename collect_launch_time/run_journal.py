"""The journal, and what stands in `selection` beside its `intended` rows, written and read with the run's own clock."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from common.clock import Clock
from data_files.launches import journal, selection
from data_files.launches.journal import Closing, Entry
from data_files.launches.selection import SelectionRow

_SELECTION_FILES = 31  # read back at most: by then an entry that cannot be closed has long had its probe written down


class RunJournal:
    """The journal under a HOME; safe to write to from many threads."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home = home
        self._clock = clock

    def intend(self, entry: Entry, selected: SelectionRow) -> None:
        """Write down a probe that is about to be asked for: how it was selected, then that it is intended.

        Both carry its request time. Raises Unwritable.
        """
        selection.FILES.append(selection.FILES.path(self._home, selected.request_time.date()), [selected])
        self.write(journal.INTENDED, entry, selected.request_time)

    def selected(self, entry: Entry) -> SelectionRow | None:
        """Give how an entry's probe was selected; None if it is unknown (an older version's). Raises OSError."""
        newest = reversed(selection.FILES.days(self._home)[-_SELECTION_FILES:])
        # An entry that was carried over for days seems to be intended later than it was.
        days = dict.fromkeys([*([entry.intended.date()] if entry.intended else []), *newest])
        found = (selection.by_token(self._home, day).get(entry.token) for day in days)
        return next(filter(None, found), None)

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
