"""A month in which everything goes wrong, half of it round each change of the clocks."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.whole_runs.rehearsal.event import (
    ANY_IN_PART,
    IN_PART,
    MAY_BE_KILLED,
    NOBODY,
    POLL,
    PROBE,
    REFUSED,
    SHUT_OUT,
    STATUS,
    Event,
    Question,
)
from tests.whole_runs.rehearsal.rehearsal import Rehearsal

_ZONE = ZoneInfo("Europe/Vienna")
_PRICE_HOURS = 3

EVENTS = (
    # Until an upgrade in the middle of a day, whose files go on with the columns they were begun with.
    Event("an older version is installed", "2026-03-16T00:00", "2026-03-29T12:05", is_of_older_version=True),
    Event(
        "AWS is overloaded",
        "2026-03-28T06:00", "2026-03-28T07:00", ANY_IN_PART,
        faults=(
            {"kind": "throttle", "probability": 0.2},
            {"kind": "server_error", "probability": 0.1},
            {"kind": "reset", "probability": 0.05},
        ),
    ),
    Event("polls are killed", "2026-03-28T12:00", "2026-03-28T12:10", MAY_BE_KILLED, kills=(POLL,), loses_polls=True),
    Event("probes are killed", "2026-03-28T12:00", "2026-03-28T12:10", MAY_BE_KILLED, kills=(PROBE,)),
    Event(
        "the disk is full", "2026-03-28T16:00", "2026-03-28T17:00", ANY_IN_PART,
        questions=(Question("2026-03-28T16:25", STATUS, ("the disk is nearly full",)),),
        fills_disk=True, loses_polls=True,
    ),
    Event(
        "AWS is away",
        "2026-03-29T06:00", "2026-03-29T18:00",
        {**ANY_IN_PART, PROBE: (IN_PART, REFUSED)},
        settings={"AWS_ENDPOINT_URL": NOBODY, "SPOT_ADVISOR_URL": f"{NOBODY}/spot-advisor-data.json"},
    ),
    # From a new day back into the evening before: two evenings, and two midnights, of one night.
    Event("the clock is set back an hour", "2026-03-30T00:05", "2026-03-30T12:05", clock_error=timedelta(hours=-1)),
    Event(
        "the credentials have expired",
        "2026-10-24T06:00", "2026-10-24T11:00",
        SHUT_OUT,
        questions=(Question("2026-10-24T08:15", STATUS, ("AWS does not accept the credentials",)),),
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


# The nights on which clocks change, the hour that comes twice, the evening that a clock set back lives twice; and
# enough polls on a full disk to use up what is left of the files' last blocks.
_TELLING = {(3, 29, 1, 50), (3, 29, 3, 0), (3, 29, 23, 10), (10, 25, 2, 30)}
_TELLING |= {(3, 28, 16, minute) for minute in (10, 20, 30, 40, 50)}
# Each next to what goes wrong with it, and to what must then be found by the next one.
_SHORT_PROBES = {
    (3, 28, 12, 0),
    (3, 28, 12, 10),
    (3, 28, 16, 0),
    (3, 28, 17, 0),
    (3, 29, 12, 0),
    (3, 30, 16, 0),
    (10, 24, 8, 0),
    (10, 25, 12, 0),
}
# On the full disk, while AWS is away, by a clock set back, with expired credentials, and after each.
_SHORT_PRICES = {
    (3, 28, 12, 5),
    (3, 28, 16, 5),
    (3, 29, 12, 5),
    (3, 29, 20, 5),
    (3, 30, 8, 5),
    (10, 24, 8, 5),
    (10, 24, 13, 5),
}


def short() -> Rehearsal:
    """Six days with everything in them, a poll every six hours and at the telling moments."""
    return _rehearsal(
        [(date(2026, 3, 28), date(2026, 3, 30)), (date(2026, 10, 24), date(2026, 10, 26))],
        lambda at: (at.minute == 0 and at.hour % 6 == 0) or (at.month, at.day, at.hour, at.minute) in _TELLING,
        lambda at: (at.month, at.day, at.hour, at.minute) in _SHORT_PROBES,
        lambda at: (at.month, at.day, at.hour, at.minute) in _SHORT_PRICES,
    )


def full(probe_minutes: int, days: int = 31) -> Rehearsal:
    """Thirty-one days, half of them round each change of the clocks, a poll every ten minutes; or the first of them."""
    stretches = [(date(2026, 3, 16), date(2026, 3, 31)), (date(2026, 10, 17), date(2026, 10, 31))]
    last = date(2026, 3, 15) + timedelta(days=days)
    return _rehearsal(
        stretches if days >= 31 else [(stretches[0][0], min(last, stretches[0][1]))],
        lambda _: True,
        lambda at: (at.hour * 60 + at.minute) % probe_minutes == 0,
        lambda at: at.hour % _PRICE_HOURS == 0,
    )


def _rehearsal(
    stretches: Sequence[tuple[date, date]],
    plays_poll: Callable[[datetime], bool],
    plays_probe: Callable[[datetime], bool],
    plays_prices: Callable[[datetime], bool],
) -> Rehearsal:
    return Rehearsal(_ZONE, stretches, plays_poll, plays_probe, plays_prices, EVENTS)
