"""When cron starts what, over days that are 23, 24 and 25 hours long, on a machine whose clock may be wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Vienna")
POLL, PROBE, NIGHT = "collect_sps_and_if", "collect_launch_time", "collect_sps_and_if.daily_score"

_BEAT = timedelta(minutes=5)


@dataclass(frozen=True)
class Tick:
    """A moment at which cron starts something: the true time, what the machine takes it for, and the programs."""

    at: datetime
    machine: datetime
    programs: tuple[str, ...]


@dataclass(frozen=True)
class Schedule:
    """The days, in stretches, and which of cron's lines are played when."""

    stretches: Sequence[tuple[date, date]]
    plays_poll: Callable[[datetime], bool]
    plays_probe: Callable[[datetime], bool]

    def ticks(self, clock_error: Callable[[datetime], timedelta]) -> Iterator[Tick]:
        """Give all ticks, in the order of true time; the error is what the machine's clock is off by at a true time."""
        for first, last in self.stretches:
            at = local(first, time.min).astimezone(UTC)
            end = local(last + timedelta(days=1), time.min).astimezone(UTC)
            while at < end:
                machine = (at + clock_error(at)).astimezone(ZONE)
                programs = tuple(self._due(machine))
                if programs:
                    yield Tick(at, machine, programs)
                at += _BEAT

    def _due(self, machine: datetime) -> Iterator[str]:
        if machine.minute % 10 == 0:
            if self.plays_poll(machine):
                yield POLL
            if self.plays_probe(machine):
                yield PROBE
        if (machine.hour, machine.minute) == (23, 55):
            yield NIGHT


def local(day: date, clock: time) -> datetime:
    """Give a moment by the wall clock of the place."""
    return datetime.combine(day, clock, ZONE)


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


def short() -> Schedule:
    """Six days with everything in them, a poll every six hours and at the telling moments."""
    return Schedule(
        [(date(2026, 3, 28), date(2026, 3, 30)), (date(2026, 10, 24), date(2026, 10, 26))],
        lambda at: (at.minute == 0 and at.hour % 6 == 0) or (at.month, at.day, at.hour, at.minute) in _TELLING,
        lambda at: (at.month, at.day, at.hour, at.minute) in _SHORT_PROBES,
    )


def full(probe_minutes: int, days: int = 31) -> Schedule:
    """Thirty-one days, half of them round each change of the clocks, a poll every ten minutes; or the first of them."""
    stretches = [(date(2026, 3, 16), date(2026, 3, 31)), (date(2026, 10, 17), date(2026, 10, 31))]
    last = date(2026, 3, 15) + timedelta(days=days)
    return Schedule(
        stretches if days >= 31 else [(stretches[0][0], min(last, stretches[0][1]))],
        lambda _: True,
        lambda at: (at.hour * 60 + at.minute) % probe_minutes == 0,
    )
