"""Which days a night works on: the one it reports, and past ones that were missed or went on after their score."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.health.night import DAYS_LOOKED_AT, has_polls
from common.errors import Refusal
from data_files.folders import Folders
from data_files.market import polled, polls, scores
from data_files.market.coverage import coverage

_NOON = 12  # before it, a night's work is the late one of the day before


@dataclass(frozen=True)
class DueDays:
    """The day that is reported, and the past days to score and to report besides, oldest first."""

    reported: date
    caught_up: Sequence[date] = ()
    last_report: date | None = None
    """The newest day before the reported one that had a report when the night's work began."""


def due_days(home: Path, now: datetime) -> DueDays:
    """Give the days that are due at a moment: today from noon on, else yesterday; and of the last 14 what is undone.

    That is a past day with polls that has no score or no report, or was scored before its last poll: cron may go by
    another time zone than the files. Raises OSError.
    """
    today = now.date()
    reported = today if now.hour >= _NOON else today - timedelta(days=1)
    reports = _reports(home)
    caught_up = [day for day in _past(today) if day != reported and _is_undone(home, day, reports)]
    return DueDays(reported, caught_up, max((day for day in reports if day < reported), default=None))


def asked_day(home: Path, day: date) -> DueDays:
    """Give a day that was asked for. Raises Refusal if nothing was collected on it that makes sense."""
    path = polled.FILES.path(home, day)
    if not polled.FILES.has(home, day):
        raise Refusal(f"nothing was collected on {day}: there is no {path}")
    if not has_polls(home, day):
        raise Refusal(f"{path} holds no row that makes sense: expected {','.join(polled.FILES.header)}")
    return DueDays(day, last_report=max((one for one in _reports(home) if one < day), default=None))


@dataclass(frozen=True)
class PastDays:
    """What the last 14 days lack, from the collection's first poll on, as it stands after the night's work."""

    without_polls: Sequence[date]
    without_report: Sequence[date]
    caught_up: Sequence[date]
    """Scored and reported by this night's work."""
    newly_without_polls: Sequence[date]
    """Those that no report has told yet."""
    in_part: Sequence[tuple[date, int, int]]
    """Days of which polls are missing, with the polls done and due."""


def past_days(home: Path, days: DueDays, now: datetime) -> PastDays:
    """Look at the days before the reported one. Raises OSError."""
    record, reports = polls.Record(home), _reports(home)
    without_polls: list[date] = []
    without_report: list[date] = []
    in_part: list[tuple[date, int, int]] = []
    for day in (day for day in _past(now.date()) if day < days.reported):
        of_day = record.of_day(day)
        if not of_day.begun or day < of_day.begun.date():
            continue
        if not polled.FILES.has(home, day):
            without_polls.append(day)
            continue
        if day not in reports and has_polls(home, day):
            without_report.append(day)
        covered = coverage(day, [poll.time for poll in of_day.polls], now, of_day.begun)
        if covered.missing:
            in_part.append((day, covered.done, covered.due))
    new = [day for day in without_polls if days.last_report is None or day > days.last_report]
    return PastDays(without_polls, without_report, days.caught_up, new, in_part)


def _past(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS_LOOKED_AT, 0, -1)]


def _is_undone(home: Path, day: date, reports: Collection[date]) -> bool:
    if not polled.FILES.has(home, day):
        return False
    is_done = scores.FILES.has(home, day) and day in reports and not _went_on(home, day)
    return not is_done and has_polls(home, day)


def _went_on(home: Path, day: date) -> bool:
    try:  # a compressed file went on no more
        return scores.FILES.path(home, day).stat().st_mtime < polled.FILES.path(home, day).stat().st_mtime
    except FileNotFoundError:
        return False


def _reports(home: Path) -> set[date]:
    found = set()
    for path in (Folders(home, "collect_sps_and_if").data / "report").glob("????-??-??.txt"):
        try:
            found.add(date.fromisoformat(path.stem))
        except ValueError:  # nobody's business
            continue
    return found
