"""What goes wrong in the month: when, how it is brought about, and how programs may end because of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.whole_runs.rehearsal.rehearsal import NIGHT, POLL, PROBE, ZONE

WHOLE, IN_PART, REFUSED, KILLED = 0, 1, 2, -9

#: A port that nobody listens on: what a machine without a network sees at once.
NOBODY = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Event:
    """Something that goes wrong from one local time until before another."""

    name: str
    begins: str
    ends: str
    codes: Mapping[str, Sequence[int]] = field(default_factory=dict)  # besides 0, by program
    faults: Sequence[Mapping[str, Any]] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    kills: Sequence[str] = ()
    clock_error: timedelta = timedelta()
    fills_disk: bool = False
    uses_up_quota: bool = False
    is_machine_off: bool = False
    loses_polls: bool = False  # polls may leave no row in polls.csv

    def is_on(self, at: datetime) -> bool:
        """Tell whether it is going on at a true time."""
        return _moment(self.begins) <= at < _moment(self.ends)

    def ended(self, at: datetime) -> bool:
        """Tell whether it is over at a true time."""
        return _moment(self.ends) <= at


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


_KILLED = {POLL: (KILLED,), PROBE: (KILLED,)}
_ANY = {POLL: (IN_PART,), PROBE: (IN_PART,), NIGHT: (IN_PART,)}

EVENTS = (
    Event(
        "AWS is overloaded",
        "2026-03-28T06:00", "2026-03-28T07:00", _ANY,
        faults=(
            {"kind": "throttle", "probability": 0.2},
            {"kind": "server_error", "probability": 0.1},
            {"kind": "reset", "probability": 0.05},
        ),
    ),
    Event("polls are killed", "2026-03-28T12:00", "2026-03-28T12:10", _KILLED, kills=(POLL,), loses_polls=True),
    Event("probes are killed", "2026-03-28T12:00", "2026-03-28T12:10", _KILLED, kills=(PROBE,)),
    Event("the disk is full", "2026-03-28T16:00", "2026-03-28T17:00", _ANY, fills_disk=True, loses_polls=True),
    Event(
        "AWS is away",
        "2026-03-29T06:00", "2026-03-29T18:00",
        {**_ANY, PROBE: (IN_PART, REFUSED)},
        settings={"AWS_ENDPOINT_URL": NOBODY, "SPOT_ADVISOR_URL": f"{NOBODY}/spot-advisor-data.json"},
    ),
    # From a new day back into the evening before: two evenings, and two midnights, of one night.
    Event("the clock is set back an hour", "2026-03-30T00:05", "2026-03-30T12:05", clock_error=timedelta(hours=-1)),
    Event(
        "the credentials have expired",
        "2026-10-24T06:00", "2026-10-24T11:00",
        {POLL: (REFUSED,), PROBE: (REFUSED,), NIGHT: (IN_PART,)},
        settings={"AWS_ACCESS_KEY_ID": "AKIAWRONGEXPIRED"},
        loses_polls=True,
    ),
    # Refused until a day later; what was refused in the morning of that day is left out until its end.
    Event(
        "another program uses up the quota",
        "2026-10-24T12:05", "2026-10-26T00:00",
        {POLL: (IN_PART,)},
        uses_up_quota=True,
    ),
    Event(
        "the advisor answers with a page for people",
        "2026-10-24T18:00", "2026-10-24T19:00",
        {POLL: (IN_PART,)},
        faults=({"action": "advisor", "kind": "html"},),
    ),
    Event("the machine is off", "2026-10-25T15:00", "2026-10-25T19:00", is_machine_off=True),
)  # fmt: skip
