"""Something that goes wrong: when, how it is brought about, how programs may end because of it, and who tells of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

POLL, PROBE, NIGHT = "collect_sps_and_if", "collect_launch_time", "collect_sps_and_if.daily_score"
PRICES = "collect_spot_price"
STATUS, CHECK_SETUP = "status", "check_setup"  # which people start, not cron

WHOLE, IN_PART, REFUSED, KILLED = 0, 1, 2, -9

#: A port that nobody listens on: what a machine without a network sees at once.
NOBODYS_PORT = "9"
NOBODY = f"http://127.0.0.1:{NOBODYS_PORT}"

_BY_CRON = (POLL, PROBE, NIGHT, PRICES)
ANY_IN_PART = dict.fromkeys(_BY_CRON, (IN_PART,))
MAY_BE_KILLED = dict.fromkeys(_BY_CRON, (KILLED,))
#: How programs end that AWS does not let in; the night's work has nothing to plan with.
SHUT_OUT = {POLL: (REFUSED,), PROBE: (REFUSED,), PRICES: (REFUSED,), NIGHT: (IN_PART,)}


@dataclass(frozen=True)
class Question:
    """What a person asks at a local time: the program, and words that its answer must have; none: that all is well."""

    at: str
    program: str
    answer: Sequence[str] = ()


@dataclass(frozen=True)
class Event:
    """Something that goes wrong from one local time until before another."""

    name: str
    begins: str
    ends: str
    codes: Mapping[str, Sequence[int]] = field(default_factory=dict)  # besides 0, by program
    questions: Sequence[Question] = ()
    faults: Sequence[Mapping[str, Any]] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    kills: Sequence[str] = ()
    clock_error: timedelta = timedelta()
    crons_zone: ZoneInfo | None = None  # where it is another than the machine's
    fills_disk: bool = False
    uses_up_quota: bool = False
    is_machine_off: bool = False
    is_of_older_version: bool = False  # programs write no column that was added later
    loses_polls: bool = False  # polls may leave no row in polls.csv
    loses_reports: bool = False  # a night may be one whose report is not mailed, but told of later

    def is_on(self, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether it is going on at a true time, on a machine of a zone."""
        return _moment(self.begins, zone) <= at < _moment(self.ends, zone)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
