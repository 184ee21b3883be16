"""A quarter left alone: ninety-two days, what befalls a machine in a quarter, and both changes of the clocks.

In Morocco, where clocks go back an hour for Ramadan. Cron's own lines are played whole around what begins and ends
and on three whole days, a few polls a day elsewhere, so that it takes less time than the month.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.whole_runs.rehearsal.event import (
    ANY_IN_PART,
    CHECK_SETUP,
    IN_PART,
    MAY_BE_KILLED,
    NIGHT,
    NOBODYS_PORT,
    SHUT_OUT,
    STATUS,
    Event,
    Question,
)
from tests.whole_runs.rehearsal.rehearsal import Rehearsal

DAYS = 92
_FIRST = date(2026, 1, 15)
_QUIET_POLL_HOURS = 6
_PROBE_HOURS = 4
_QUIET_PRICE_HOURS = (6, 18)

EVENTS = (
    Event(
        "the credentials have expired for a week",
        "2026-01-20T10:30", "2026-01-27T10:30",
        SHUT_OUT,
        questions=(
            Question("2026-01-23T22:30", STATUS, ("AWS does not accept the credentials",)),
            Question("2026-01-23T22:35", CHECK_SETUP, ("TO DO credentials: AWS does not accept them",)),
        ),
        settings={"AWS_ACCESS_KEY_ID": "AKIAWRONGEXPIRED"},
        loses_polls=True,
    ),
    Event(
        "the host is off for five days", "2026-02-02T14:05", "2026-02-07T11:15",
        questions=(Question("2026-02-07T11:15", STATUS, ("the last finished poll was 4 days ago",)),),
        is_machine_off=True,
    ),
    # Over midnight: the night's work finds the disk full too, and the next one makes up for it.
    Event(
        "the disk is full", "2026-02-10T19:45", "2026-02-11T08:15", ANY_IN_PART,
        questions=(Question("2026-02-11T02:15", STATUS, ("the disk is nearly full, with 0.0 GB free",)),),
        fills_disk=True, loses_polls=True, loses_reports=True,
    ),
    Event(
        "the mail server is away for a week",
        "2026-02-18T12:00", "2026-02-25T12:00",
        {NIGHT: (IN_PART,)},
        questions=(
            Question("2026-02-22T00:15", STATUS, ("3 reports have waited for a mail server for more than a day",)),
            Question("2026-02-22T00:25", CHECK_SETUP, ("TO DO mail:",)),
        ),
        settings={"SPOT_SMTP_PORT": NOBODYS_PORT},
    ),
    # Until an upgrade in the middle of a day, and of a probe's files.
    Event(
        "an older version is installed", "2026-01-15T00:00", "2026-03-02T12:05",
        questions=(Question("2026-02-15T18:15", STATUS),),
        is_of_older_version=True,
    ),
    # The end of the day of a machine elsewhere: at 15:55 or 16:55 here, and, with CRON_TZ=UTC, after midnight.
    Event(
        "cron goes by Tokyo's time", "2026-03-06T00:00", "2026-03-12T00:00",
        questions=(Question("2026-03-06T20:15", STATUS),),
        crons_zone=ZoneInfo("Asia/Tokyo"),
    ),
    Event(
        "the night's work is killed",
        "2026-03-15T23:50", "2026-03-16T00:00", MAY_BE_KILLED,
        questions=(Question("2026-03-22T18:15", STATUS),),
        kills=(NIGHT,), loses_reports=True,
    ),
    Event(
        "CRON_TZ is UTC", "2026-03-24T00:00", "2026-04-05T00:00",
        questions=(Question("2026-03-30T00:25", STATUS, ("1 past day has polls but no score (2026-03-29)",)),),
        crons_zone=ZoneInfo("UTC"),
    ),
)  # fmt: skip

# The clocks change on two of them; all of them are healthy.
_WHOLE_DAYS = {date(2026, 2, 15), date(2026, 3, 6), date(2026, 3, 22)}
#: After gaps, and often enough for all days to be told by AWS at one of these or in the end.
PRICES_COMPARED = {date(2026, 2, 14), date(2026, 3, 16)}
_CHANGES = [datetime.fromisoformat(time) for event in EVENTS for time in (event.begins, event.ends)]


def quarter(days: int = DAYS) -> Rehearsal:
    """Give the quarter, or the first days of it."""
    return Rehearsal(
        ZoneInfo("Africa/Casablanca"),
        [(_FIRST, _FIRST + timedelta(days=days - 1))],
        _plays_poll,
        _plays_probe,
        _plays_prices,
        EVENTS,
    )


def _plays_poll(at: datetime) -> bool:
    return _is_watched(at, timedelta(hours=2)) or (at.minute == 0 and at.hour % _QUIET_POLL_HOURS == 0)


def _plays_probe(at: datetime) -> bool:
    return _is_watched(at, timedelta(hours=4)) and at.minute == 0 and at.hour % _PROBE_HOURS == 0


def _plays_prices(at: datetime) -> bool:
    return _is_watched(at, timedelta(hours=2)) or at.hour in _QUIET_PRICE_HOURS


def _is_watched(at: datetime, around: timedelta) -> bool:
    """Tell whether cron's own lines are played whole: on whole days, and around what begins and ends."""
    local = at.replace(tzinfo=None)
    return at.date() in _WHOLE_DAYS or any(abs(local - change) <= around for change in _CHANGES)
