"""How much of a day the polls covered: one is due every ten minutes, 138 or 150 on the days when clocks change.

The one reckoning of polls due, done and missing, by local ten minutes: two polls in the same ten minutes are one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

SLOT = timedelta(minutes=10)
_SLOT_SECONDS = SLOT.total_seconds()
_HALF_A_DAY = 72  # slots


@dataclass(frozen=True)
class Gap:
    """Polls that are missing one after the other, by the times they were due at."""

    first: datetime
    last: datetime
    polls: int


@dataclass(frozen=True)
class Hour:
    """One hour of the local day: polls done of those due."""

    start: datetime
    due: int
    done: int


@dataclass(frozen=True)
class Coverage:
    """The polls of a day: due in all of it, due so far, done, and where they are missing."""

    whole_day: int
    due: int
    done: int
    gaps: Sequence[Gap]
    hours: Sequence[Hour]

    @property
    def missing(self) -> int:
        """Count the polls that were due and not done."""
        return self.due - self.done


@dataclass(frozen=True)
class _Slot:
    start: datetime
    is_due: bool
    is_done: bool


def coverage(day: date, polls: Iterable[datetime], now: datetime, begun: datetime | None = None) -> Coverage:
    """Tell how many of a day's polls were done; one whose ten minutes are not over is not missing yet.

    begun is the collection's first poll: none was due before it.
    """
    starts = slots(day)
    midnight = starts[0].timestamp()
    done = {int((poll.timestamp() - midnight) // _SLOT_SECONDS) for poll in polls}
    day_slots = [
        _Slot(start, is_due=number in done or _is_due(start, now, begun), is_done=number in done)
        for number, start in enumerate(starts)
    ]
    return Coverage(
        whole_day=len(day_slots),
        due=sum(slot.is_due for slot in day_slots),
        done=sum(slot.is_done for slot in day_slots),
        gaps=_gaps(day_slots),
        hours=_hours(day_slots),
    )


def slots(day: date) -> list[datetime]:
    """Give the local times of all polls of a day: 144 on most days."""
    # From noon, which every day has, through the epoch: on some days clocks skip midnight, or repeat an hour.
    noon = datetime.combine(day, time(12)).astimezone()
    if all(_later(noon, step).utcoffset() == noon.utcoffset() for step in (-_HALF_A_DAY, _HALF_A_DAY)):
        return [noon + step * SLOT for step in range(-_HALF_A_DAY, _HALF_A_DAY)]  # clocks stay: a fifth of the time
    around = (_later(noon, step) for step in range(-96, 97))
    return [start for start in around if start.date() == day]


def _later(moment: datetime, steps: int) -> datetime:
    return datetime.fromtimestamp(moment.timestamp() + steps * _SLOT_SECONDS).astimezone()


def joined_gaps(days: Iterable[Coverage]) -> list[Gap]:
    """Give the gaps of days that follow each other, one that goes over midnight as one."""
    gaps: list[Gap] = []
    for gap in (gap for day in days for gap in day.gaps):
        before = gaps[-1] if gaps else None
        if before and gap.first - before.last <= SLOT:
            gaps[-1] = Gap(before.first, gap.last, before.polls + gap.polls)
        else:
            gaps.append(gap)
    return gaps


def _is_due(start: datetime, now: datetime, begun: datetime | None) -> bool:
    return start + SLOT <= now and (begun is None or start + SLOT > begun)


def _gaps(day_slots: Collection[_Slot]) -> list[Gap]:
    gaps = []
    for is_missing, run in groupby(day_slots, key=lambda slot: slot.is_due and not slot.is_done):
        if is_missing:
            missing = list(run)
            gaps.append(Gap(missing[0].start, missing[-1].start, len(missing)))
    return gaps


def _hours(day_slots: Collection[_Slot]) -> list[Hour]:
    hours = []
    for _, run in groupby(day_slots, key=lambda slot: (slot.start.hour, slot.start.utcoffset())):
        hour = list(run)
        hours.append(Hour(hour[0].start, sum(slot.is_due for slot in hour), sum(slot.is_done for slot in hour)))
    return hours
