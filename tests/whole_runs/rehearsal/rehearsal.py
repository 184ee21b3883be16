"""What is rehearsed: days that are 23, 24 and 25 hours long, which of cron's lines are played, and what goes wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.whole_runs.rehearsal.event import NIGHT, POLL, PRICES, PROBE, Event, Question

_BEAT = timedelta(minutes=5)
_PRICES_MINUTE = 5


@dataclass(frozen=True)
class Tick:
    """A moment at which cron starts something: the true time, what the machine takes it for, and the programs."""

    at: datetime
    machine: datetime
    programs: tuple[str, ...]


@dataclass(frozen=True)
class Rehearsal:
    """The days, in stretches, by the machine's zone; which of cron's lines are played when; and what goes wrong."""

    zone: ZoneInfo
    stretches: Sequence[tuple[date, date]]
    plays_poll: Callable[[datetime], bool]
    plays_probe: Callable[[datetime], bool]
    plays_prices: Callable[[datetime], bool]
    events: Sequence[Event]

    def going_on(self, at: datetime) -> list[Event]:
        """Give what goes wrong at a true time."""
        return [event for event in self.events if event.is_on(at, self.zone)]

    def questions(self, machine: datetime) -> list[tuple[Event, Question]]:
        """Give what people ask at a time of the machine, each with what makes them ask."""
        at = f"{machine:%Y-%m-%dT%H:%M}"
        return [(event, question) for event in self.events for question in event.questions if question.at == at]

    def ticks(self) -> Iterator[Tick]:
        """Give all ticks, in the order of true time; the machine's clock may be off."""
        for first, last in self.stretches:
            at = self._midnight(first)
            end = self._midnight(last + timedelta(days=1))
            while at < end:
                events = self.going_on(at)
                error = sum((event.clock_error for event in events), timedelta())
                machine = (at + error).astimezone(self.zone)
                crons_zone = next((event.crons_zone for event in events if event.crons_zone), self.zone)
                programs = tuple(self._due(machine, crons_zone))
                if programs:
                    yield Tick(at, machine, programs)
                at += _BEAT

    def days(self) -> Iterator[date]:
        """Give the local days."""
        for first, last in self.stretches:
            yield from (first + timedelta(days=number) for number in range((last - first).days + 1))

    def polls_due(self, day: date) -> int:
        """Count the polls that cron has on a local day: 138, 144 or 150."""
        length = self._midnight(day + timedelta(days=1)) - self._midnight(day)
        return length // timedelta(minutes=10)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def _due(self, machine: datetime, crons_zone: ZoneInfo) -> Iterator[str]:
        if machine.minute % 10 == 0:
            if self.plays_poll(machine):
                yield POLL
            if self.plays_probe(machine):
                yield PROBE
        if machine.minute == _PRICES_MINUTE and self.plays_prices(machine):
            yield PRICES
        yield from dict.fromkeys(question.program for _, question in self.questions(machine))
        by_cron = machine.astimezone(crons_zone)
        if (by_cron.hour, by_cron.minute) == (23, 55):
            yield NIGHT
