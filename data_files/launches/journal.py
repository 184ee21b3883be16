"""journal/DATE.csv: what was asked of AWS, written before it was asked; what clean-up goes by."""

import gzip
import logging
import re
import time
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from data_files.cells import COUNT, REGION_NAME, TEXT, TIME, WORDS, one_of, or_unknown
from data_files.csv_table import Column, DatedFiles

log = logging.getLogger(__name__)

INTENDED = "intended"  # before RequestSpotInstances
REQUESTED = "requested"  # AWS answered with the requests' ids
CANCELLED = "cancelled"  # every request is final, every instance known
CLOSED = "closed"  # every instance was seen shutting down; or AWS refused to begin with

ENDING = timedelta(minutes=10)
"""An entry open for longer than its probe's timeout and this needs a look: the run that made it did not end it."""

# Files read back: the newest ones, whatever their dates, so that a machine that was off for a month finds what it left,
# and reading never gets slower with the years. What stays open longer is written again each day.
_FILES = 3
_REQUEST_ID = re.compile(r"sir-[0-9A-Za-z]+")
_INSTANCE_ID = re.compile(r"i-[0-9A-Za-z]+")
_UUID_EPOCH = 0x01B21DD213814000  # 100 ns steps from 1582, where UUIDs begin to count, to 1970


Closing = tuple[datetime | None, str, str | None]
"""The moment of a `closed` row, its Region and its instance type."""


class JournalRow(NamedTuple):
    """One step of one call of RequestSpotInstances, named by its ClientToken."""

    time: datetime | None
    event: str
    token: str
    region: str
    instance: str | None
    instance_count: int | None
    request_ids: tuple[str, ...] | None
    instance_ids: tuple[str, ...] | None


# A row with a time or a count that makes no sense still names what may cost money: those cells alone are unknown then.
FILES = DatedFiles(
    (
        Column("time", or_unknown(TIME), "when it was written"),
        Column("event", one_of(INTENDED, REQUESTED, CANCELLED, CLOSED), "how far the probe is", is_needed=True),
        Column("client_token", TEXT, "the ClientToken of the request", is_needed=True),
        Column("region", REGION_NAME, "the Region asked", is_needed=True),
        Column("instance", TEXT, "the instance type asked for"),
        Column("instance_count", or_unknown(COUNT), "instances asked for"),
        Column("request_ids", WORDS, "ids of the spot requests, as far as they are known"),
        Column("instance_ids", WORDS, "ids of the instances, as far as they are known"),
    ),
    JournalRow,
    folder="collect_launch_time/data/journal",
)


@dataclass(frozen=True)
class Entry:
    """What the journal knows of one call of RequestSpotInstances."""

    token: str
    region: str
    instance: str
    count: int
    intended: datetime | None = None
    request_ids: tuple[str, ...] = ()
    instance_ids: tuple[str, ...] = ()
    is_closed: bool = False
    day: date | None = None  # of the newest file that has it

    @property
    def age_seconds(self) -> float:
        """Tell how long ago it was intended, in real seconds, whatever clock the run was played by.

        The token tells; what has a token of another make is old.
        """
        try:
            made = (uuid.UUID(self.token).time - _UUID_EPOCH) / 1e7
        except ValueError:
            return float("inf")
        # A clock that was set back must not make an entry younger than new.
        return max(0.0, time.time() - made)


def new_token() -> str:
    """Make a ClientToken: unique, and telling when it was made."""
    # A random node with the multicast bit, as RFC 9562 wants it, instead of this machine's address.
    return str(uuid.uuid1(node=uuid.uuid4().int & 0xFFFFFFFFFFFF | 0x010000000000))


def write(home: Path, event: str, entry: Entry, moment: datetime) -> None:
    """Add an entry's row to the moment's day, on the disk when this returns. Raises Unwritable."""
    row = JournalRow(
        moment, event, entry.token, entry.region, entry.instance, entry.count, entry.request_ids, entry.instance_ids
    )
    FILES.append(FILES.path(home, moment.date()), [row])


def entries(home: Path, today: date) -> dict[str, Entry]:
    """Give what is known of every recent token, of runs until now or after; rows that make no sense are passed over."""
    found: dict[str, Entry] = {}
    for day in recent_days(home, today):
        for row in _rows(home, day):
            found[row.token] = _after(found.get(row.token), row, day)
    return found


def unclosed_entries(home: Path, today: date) -> list[Entry]:
    """Give the entries that are not closed, oldest first: while no run is under way, what earlier runs left."""
    return sorted(
        (entry for entry in entries(home, today).values() if not entry.is_closed),
        key=lambda entry: (entry.intended is not None, entry.intended and entry.intended.timestamp(), entry.token),
    )


def names_region(home: Path, region: str) -> bool:
    """Tell whether anything was ever asked for in a Region, as far back as there are files.

    The text is searched, not the rows: this may be asked at each run, of years of files.
    """
    return any(_may_hold(FILES.path(home, day), f",{region},".encode()) for day in reversed(FILES.days(home)))


def _may_hold(path: Path, text: bytes) -> bool:
    try:
        if path.is_file():
            return text in path.read_bytes()
        return text in gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes())
    except (OSError, EOFError, zlib.error):  # nobody knows, so it may
        return True


def closings(home: Path, today: date) -> set[Closing]:
    """Give the moment and the pair of every recent `closed` row."""
    rows = (row for day in recent_days(home, today) for row in _rows(home, day))
    return {(row.time, row.region, row.instance) for row in rows if row.event == CLOSED}


def recent_days(home: Path, today: date) -> Sequence[date]:
    """List the days whose files are read back: the newest ones, and those of today and yesterday."""
    days = FILES.days(home)
    return sorted({*days[-_FILES:], *(day for day in days if timedelta(0) <= today - day <= timedelta(days=1))})


def _rows(home: Path, day: date) -> Iterator[JournalRow]:
    try:
        yield from FILES.rows(home, day)
    except OSError as error:
        log.warning("%s cannot be read, what it names is found by our tags only: %s", FILES.path(home, day), error)


def _after(entry: Entry | None, row: JournalRow, day: date) -> Entry:
    entry = entry or Entry(row.token, row.region, row.instance or "", row.instance_count or 0, row.time)
    return replace(
        entry,
        request_ids=tuple(dict.fromkeys((*entry.request_ids, *_ids(_REQUEST_ID, row.request_ids)))),
        instance_ids=tuple(dict.fromkeys((*entry.instance_ids, *_ids(_INSTANCE_ID, row.instance_ids)))),
        is_closed=entry.is_closed or row.event == CLOSED,
        day=day,
    )


def _ids(shape: re.Pattern[str], words: tuple[str, ...] | None) -> Iterator[str]:
    # One word that is no id would fail the whole call that it is sent with.
    return (word for word in words or () if shape.fullmatch(word))
