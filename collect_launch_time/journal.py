"""What this installation asked AWS for, on disk before it is asked: what clean-up goes by."""

import logging
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from collect_launch_time.tables import JOURNAL, Tables
from common import csv_file
from common.clock import Clock, iso, parse_iso
from common.dated_files import dated_files

log = logging.getLogger(__name__)

INTENDED = "intended"  # before RequestSpotInstances
REQUESTED = "requested"  # AWS answered with the requests' ids
CANCELLED = "cancelled"  # every request is final, every instance known
CLOSED = "closed"  # every instance was seen shutting down; or AWS refused to begin with

# Files read back: the newest ones, whatever their dates, so that a machine that was off for a month finds what it left,
# and reading never gets slower with the years. What stays open longer is written again each day.
_FILES = 3
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
_REQUEST_ID = re.compile(r"sir-[0-9A-Za-z]+")
_INSTANCE_ID = re.compile(r"i-[0-9A-Za-z]+")
_UUID_EPOCH = 0x01B21DD213814000  # 100 ns steps from 1582, where UUIDs begin to count, to 1970


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


class Journal:
    """The journal's files of one installation; safe to write to from many threads."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def write(self, event: str, entry: Entry, moment: datetime | None = None) -> None:
        """Add a row and sync it to the disk; raises Unwritable."""
        moment = moment or self._clock.now()
        row = (
            iso(moment),
            event,
            entry.token,
            entry.region,
            entry.instance,
            entry.count,
            " ".join(entry.request_ids),
            " ".join(entry.instance_ids),
        )
        csv_file.append(self._tables.journal(moment.date()), JOURNAL, [row])

    def entries(self) -> dict[str, Entry]:
        """Give what is known of every recent token; rows that make no sense are passed over."""
        found: dict[str, Entry] = {}
        for day, path in self._recent_files():
            for row in _rows(path):
                _add(found, row, day)
        return found

    def closings(self) -> set[tuple[str, str, str]]:
        """Give (time, region, instance) of every recent `closed` row, as they are written."""
        rows = (row for _, path in self._recent_files() for row in _rows(path))
        return {(row["time"], row["region"], row["instance"]) for row in rows if row.get("event") == CLOSED}

    def carry_over(self, entries: Iterable[Entry]) -> None:
        """Write what is still open into today's file, so that it stays among those that are read back."""
        today = self._clock.now().date()
        for entry in entries:
            if entry.day != today:
                self.write(REQUESTED if entry.request_ids else INTENDED, entry)

    def _recent_files(self) -> Sequence[tuple[date, Path]]:
        files = dated_files(self._tables.journals)
        today = self._clock.now().date()
        played = [(day, path) for day, path in files if timedelta(0) <= today - day <= timedelta(days=1)]
        return sorted({*files[-_FILES:], *played})


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        yield from csv_file.read(path)
    except OSError as error:
        log.warning("%s cannot be read, what it names is found by our tags only: %s", path, error)


def _add(found: dict[str, Entry], row: dict[str, str], day: date) -> None:
    token, event = row.get("client_token", ""), row.get("event", "")
    region, count = row.get("region", ""), row.get("instance_count", "")
    if event not in (INTENDED, REQUESTED, CANCELLED, CLOSED) or not token or not _REGION.fullmatch(region):
        log.warning("a journal row that makes no sense is passed over: %s", row)
        return
    entry = found.get(token) or Entry(
        token=token,
        region=region,
        instance=row.get("instance", ""),
        count=int(count) if count.isdecimal() else 0,
        intended=parse_iso(row.get("time", "")),
    )
    found[token] = replace(
        entry,
        request_ids=_merged(entry.request_ids, row.get("request_ids", ""), _REQUEST_ID),
        instance_ids=_merged(entry.instance_ids, row.get("instance_ids", ""), _INSTANCE_ID),
        is_closed=entry.is_closed or event == CLOSED,
        day=day,
    )


def _merged(known: tuple[str, ...], cell: str, shape: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *(word for word in cell.split() if shape.fullmatch(word)))))
