"""A quarter left alone: ninety-two days, what befalls a machine in a quarter, and both changes of the clocks.

In Morocco, where clocks go back an hour for Ramadan. Whole days of cron's own beat are played where something begins or
ends, a few polls a day elsewhere, so that it takes less time than the month.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.whole_runs.rehearsal.event import (
    ANY_IN_PART,
    IN_PART,
    MAY_BE_KILLED,
    NIGHT,
    NOBODYS_PORT,
    POLL,
    PROBE,
    REFUSED,
    Event,
)
from tests.whole_runs.rehearsal.rehearsal import Rehearsal

DAYS = 92
_FIRST = date(2026, 1, 15)
_QUIET_POLL_HOURS = 4
_PROBE_HOURS = 4

EVENTS = (
    Event(
        "the credentials have expired for a week",
        "2026-01-20T10:30", "2026-01-27T10:30",
        {POLL: (REFUSED,), PROBE: (REFUSED,), NIGHT: (IN_PART,)},
        settings={"AWS_ACCESS_KEY_ID": "AKIAWRONGEXPIRED"},
        loses_polls=True,
    ),
    Event("the host is off for five days", "2026-02-02T14:05", "2026-02-07T11:15", is_machine_off=True),
    # Over midnight: the night's work finds the disk full too, and the next one makes up for it.
    Event(
        "the disk is full", "2026-02-10T19:45", "2026-02-11T08:15", ANY_IN_PART,
        fills_disk=True, loses_polls=True, loses_reports=True,
    ),
    Event(
        "the mail server is away for a week",
        "2026-02-18T12:00", "2026-02-25T12:00",
        {NIGHT: (IN_PART,)},
        settings={"SPOT_SMTP_PORT": NOBODYS_PORT},
    ),
    # Until an upgrade in the middle of a day, and of a probe's files.
    Event("an older version is installed", "2026-01-15T00:00", "2026-03-02T12:05", is_of_older_version=True),
    # The end of the day of a machine elsewhere: at 15:55 or 16:55 here, and, with CRON_TZ=UTC, after midnight.
    Event("cron goes by Tokyo's time", "2026-03-06T00:00", "2026-03-12T00:00", crons_zone=ZoneInfo("Asia/Tokyo")),
    Event(
        "the night's work is killed",
        "2026-03-15T23:50", "2026-03-16T00:00", MAY_BE_KILLED,
        kills=(NIGHT,), loses_reports=True,
    ),
    Event("CRON_TZ is UTC", "2026-03-24T00:00", "2026-04-05T00:00", crons_zone=ZoneInfo("UTC")),
)  # fmt: skip

_CLOCKS_CHANGE = {date(2026, 2, 15), date(2026, 3, 22)}
_EVENTFUL = _CLOCKS_CHANGE | {
    date(2026, 1, 20),
    date(2026, 1, 27),
    date(2026, 2, 2),
    date(2026, 2, 7),
    date(2026, 2, 10),
    date(2026, 2, 11),
    date(2026, 3, 2),
    date(2026, 3, 6),
}


def quarter(days: int = DAYS) -> Rehearsal:
    """Give the quarter, or the first days of it."""
    return Rehearsal(
        ZoneInfo("Africa/Casablanca"),
        [(_FIRST, _FIRST + timedelta(days=days - 1))],
        _plays_poll,
        _plays_probe,
        EVENTS,
    )


def _plays_poll(at: datetime) -> bool:
    return at.date() in _EVENTFUL or (at.minute == 0 and at.hour % _QUIET_POLL_HOURS == 0)


def _plays_probe(at: datetime) -> bool:
    return at.date() in _EVENTFUL and at.minute == 0 and at.hour % _PROBE_HOURS == 0
