"""What needs a person: each cause is made, said with what to do, and gone when it is mended."""

import gzip
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analysis.health.causes import causes, percent
from analysis.health.disk import disk
from common.clock import iso
from common.files.run_lock import run_lock
from data_files.launches import journal, selection
from data_files.launches.selection import SelectionRow
from data_files.market import mailed, polled, polls, scores
from data_files.market.mailed import MailedRow
from data_files.market.polled import ABSENT, FAILED, OK, REFUSED, WAITING
from data_files.market.polls import PollRow
from data_files.market.scores import Score
from tests.analysis.health.collected_home import (
    NOW,
    SLOT,
    begin_probe,
    judged,
    leave_letter,
    write_healthy,
)

LOGGED = {
    -10: "ERROR told.collect_sps_and_if: an older failure, since mended",
    10: "ERROR told.collect_sps_and_if: not these",
    20: "ERROR told.collect_sps_and_if: renew  them",
    21: "WARNING told.collect_sps_and_if: nor this",
    22: "ERROR told.daily_score: nor what the night's work said",
    27: "ERROR told.collect_sps_and_if: nor what is to come",
}
MIDNIGHT = NOW.replace(hour=0, minute=0)


def told(home: Path, now: datetime = NOW) -> list[str]:
    return causes(judged(home, now))


def only(home: Path, now: datetime = NOW) -> str:
    (cause,) = told(home, now)
    return cause


def test_a_collection_that_goes_well_needs_nobody(tmp_path: Path) -> None:
    assert told(write_healthy(tmp_path)) == []


def test_where_nothing_was_collected_it_says_how_to_begin(tmp_path: Path) -> None:
    cause = only(tmp_path / "not yet made")
    assert cause.startswith("nothing has been collected yet under")
    assert "run python -m collect_sps_and_if once, and install crontab.txt" in cause


def test_polls_are_late_25_minutes_after_the_last(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    last = MIDNIGHT.replace(hour=12)
    assert told(tmp_path, last + timedelta(minutes=25)) == []
    late = last + timedelta(minutes=26)
    assert only(tmp_path, late).startswith("the last finished poll was 26 min ago: does cron run")
    log = tmp_path / "collect_sps_and_if" / "log" / f"{last.date()}.log"
    log.parent.mkdir(parents=True)
    lines = [f"{iso(last + timedelta(minutes=minutes))} 7 {words}\n" for minutes, words in LOGGED.items()]
    log.write_text("".join(lines) + "Traceback of no time\n")
    assert only(tmp_path, late) == (
        "the last finished poll was 26 min ago; the newest that failed, at 2026-03-03 12:20, says: renew them"
    )
    log.write_text(lines[1])
    hours_later = told(tmp_path, last + timedelta(hours=2))
    assert [cause.endswith(end) for cause, end in zip(hours_later, ("says: not these", "are done"), strict=True)] == [
        True
    ] * 2
    log.write_text(lines[0])
    assert only(tmp_path, late).startswith("the last finished poll was 26 min ago: does cron run")
    polls.acknowledge(tmp_path, PollRow(last + timedelta(minutes=20), 2, 0, 3, 1.0, 0, 0))
    assert told(tmp_path, late) == []


def test_a_poll_of_a_clock_that_ran_ahead_hides_no_silence(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    polls.acknowledge(tmp_path, PollRow(NOW + timedelta(days=400), 2, 0, 3, 1.0, 0, 0))
    assert told(tmp_path) == []
    assert told(tmp_path, NOW + timedelta(hours=3))[0].startswith("the last finished poll was 3 h ago")


@pytest.mark.parametrize(("missing", "is_told"), [(3, False), (4, True)])
def test_less_than_95_percent_of_todays_72_polls_needs_a_look(tmp_path: Path, missing: int, is_told: bool) -> None:
    gone = [MIDNIGHT + SLOT * number for number in range(5, 5 + missing)]
    write_healthy(tmp_path, is_done=lambda time: time not in gone)
    assert [cause.startswith(f"{missing} polls of the 73 due today are missing") for cause in told(tmp_path)] == (
        [True] if is_told else []
    )


def test_no_poll_was_due_before_the_collections_first(tmp_path: Path) -> None:
    write_healthy(tmp_path, days=0, is_done=lambda time: time >= MIDNIGHT.replace(hour=9))
    assert told(tmp_path) == []
    assert judged(tmp_path).polling is not None


def outcomes_of(bad: str, share: float) -> Callable[[datetime, int], str]:
    """Give so great a share of the polls of 24 hours another outcome."""
    since = NOW - timedelta(hours=24)
    return lambda time, _: bad if since < time <= since + timedelta(hours=24 * share) else OK


@pytest.mark.parametrize("bad", [REFUSED, FAILED])
@pytest.mark.parametrize(("share", "is_told"), [(0.09, False), (0.11, True), (1.0, True)])
def test_less_than_90_percent_of_scores_answered_needs_a_look(
    tmp_path: Path, bad: str, share: float, is_told: bool
) -> None:
    write_healthy(tmp_path, outcome=outcomes_of(bad, share), refused=2 if bad == REFUSED else 0)
    if not is_told:
        assert told(tmp_path) == []
    elif bad == REFUSED:
        assert "of the placement scores asked for in 24 hours and refused 4 queries: if for the" in only(tmp_path)
        assert "lower SPS_CONFIGURATION_LIMIT" in only(tmp_path)
    else:
        assert "the rest failed: run python -m check_setup" in only(tmp_path)


@pytest.mark.parametrize("fine", [WAITING, ABSENT])
def test_scores_that_wait_for_their_place_or_are_absent_are_no_failure(tmp_path: Path, fine: str) -> None:
    assert told(write_healthy(tmp_path, outcome=lambda *_: fine)) == []


def test_scores_of_more_than_24_hours_ago_do_not_count(tmp_path: Path) -> None:
    old = NOW - timedelta(hours=24)
    assert told(write_healthy(tmp_path, outcome=lambda time, _: REFUSED if time <= old else OK)) == []


def test_a_past_day_without_a_score_is_named_with_the_command(tmp_path: Path) -> None:
    write_healthy(tmp_path, days=4)
    for day in (date(2026, 3, 1), date(2026, 2, 28)):
        scores.FILES.path(tmp_path, day).unlink()
    assert only(tmp_path) == (
        "2 past days have polls but no score (2026-02-28, 2026-03-01):"
        " run python -m collect_sps_and_if.daily_score --date 2026-02-28, and so for each"
    )
    for day in (date(2026, 3, 1), date(2026, 2, 28)):
        scores.FILES.replace(scores.FILES.path(tmp_path, day), [Score("us-east-1", "m5.large", 0.0, 0.0, 0.0)])
    assert told(tmp_path) == []


def test_a_day_is_looked_for_its_score_14_days_and_not_while_the_nights_work_may_go_on(tmp_path: Path) -> None:
    write_healthy(tmp_path, days=16)
    for day in range(1, 17):
        scores.FILES.path(tmp_path, NOW.date() - timedelta(days=day)).unlink()
    night = judged(tmp_path).night
    assert night
    assert [night.unscored[0], len(night.unscored)] == [date(2026, 2, 17), 14]
    midnight = judged(tmp_path, MIDNIGHT + timedelta(minutes=9)).night
    assert midnight
    assert midnight.unscored[-1] == date(2026, 3, 1)


def test_a_day_of_which_no_row_makes_sense_cannot_be_scored(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    polled.FILES.path(tmp_path, date(2026, 2, 27)).write_text("time,region\nnonsense,\n")
    assert told(tmp_path) == []


def test_a_compressed_day_and_its_score_count_as_they_are(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    for files, day in ((polled.FILES, date(2026, 3, 2)), (scores.FILES, date(2026, 3, 1))):
        path = files.path(tmp_path, day)
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    before = judged(tmp_path).polling
    assert before
    assert (told(tmp_path), before.asked) == ([], 144 * 3)


def test_a_mail_that_has_waited_for_a_day_is_named_until_a_server_has_taken_it(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    leave_letter(tmp_path, date(2026, 3, 2))
    assert told(tmp_path) == []
    message_id = leave_letter(tmp_path, date(2026, 3, 1))
    assert only(tmp_path).startswith("1 report has waited for a mail server for more than a day (2026-03-01): run")
    mailed.FILE.append(mailed.FILE.path(tmp_path), [MailedRow(NOW, date(2026, 3, 1), message_id, ("me@x.example",))])
    assert told(tmp_path) == []
    night = judged(tmp_path).night
    assert night
    assert list(night.unsent) == [date(2026, 3, 2)]


def test_a_probe_is_open_too_long_10_minutes_after_its_own_timeout(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    began = NOW - timedelta(minutes=30)
    entry = begin_probe(tmp_path, began)
    assert told(tmp_path, began + timedelta(minutes=20)) == []
    assert only(tmp_path) == (
        "1 launch-time probe was never ended and may cost money, the oldest of m5.large in us-east-1"
        f" since {began:%Y-%m-%d %H:%M}: run python -m collect_launch_time --clean-up"
    )
    row = SelectionRow(entry.token, began, "us-east-1", "m5.large", 2, "top", 1.0, "ready", 3600.0, 3.0)
    selection.FILES.append(selection.FILES.path(tmp_path, began.date()), [row])
    assert told(tmp_path) == [], "this one was given an hour"
    assert told(tmp_path, began + timedelta(minutes=71))[0].startswith("1 launch-time probe was never ended")
    journal.write(tmp_path, journal.CLOSED, entry, NOW)
    assert not any("probe" in cause for cause in told(tmp_path, began + timedelta(minutes=71)))


def test_a_lock_held_for_longer_than_a_run_may_take_names_the_process(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    lock = tmp_path / "collect_sps_and_if" / "data" / "poll.lock"
    with run_lock(lock, longest_seconds=600):
        assert told(tmp_path) == []
    with run_lock(lock, longest_seconds=-3600):
        assert f"process {os.getpid()} has held collect_sps_and_if/data/poll.lock since" in only(tmp_path)
        assert f"then end it (kill {os.getpid()})" in only(tmp_path)
    assert told(tmp_path) == []
    with run_lock(lock):
        assert told(tmp_path) == [], "who reads whole histories has no limit"


@pytest.mark.parametrize(
    ("free", "daily", "said"),
    [
        (999_999_999, None, "the disk is nearly full, with 1.0 GB free"),
        (1_000_000_000, None, None),
        (29_999_999_999, 1e9, "room for 29 days of collecting"),
        (30_000_000_000, 1e9, None),
    ],
)
def test_less_than_1_gb_or_30_days_of_disk_needs_a_look(
    tmp_path: Path, free: int, daily: float | None, said: str | None
) -> None:
    found = judged(write_healthy(tmp_path))
    assert found.disk
    found = replace(found, disk=replace(found.disk, free_bytes=free, bytes_a_day=daily))
    assert [said in cause for cause in causes(found) if said] == ([True] if said else [])
    assert bool(causes(found)) == bool(said)


def test_growth_is_measured_from_the_files_of_the_last_7_past_days(tmp_path: Path) -> None:
    for package, kind, name, size in (
        ("collect_sps_and_if", "data", "polls.csv", 5_000),
        ("collect_sps_and_if", "data/sps_and_if", "2026-03-03.csv", 70_000),
        ("collect_sps_and_if", "data/sps_and_if", "2026-03-02.csv", 1_000_000),
        ("collect_launch_time", "log", "2026-03-02.log", 4_000),
        ("collect_launch_time", "data", "2026-03-01.csv", 3_000_000),
        ("collect_sps_and_if", "data/report", "2026-02-28.html", 34_000),
        ("collect_sps_and_if", "data/sps_and_if", "2026-02-01.csv.gz", 1_500),
        ("collect_sps_and_if", "data/report", "2026-02-01.html", 500),
        ("collect_launch_time", "log", "2026-02-01.log", 7_000),
    ):
        path = tmp_path / package / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    found = disk(tmp_path, NOW.date(), keep_plain_days=30)
    assert found.data_bytes == 4_111_000
    assert (found.bytes_a_day, found.packed_bytes_a_day, found.plain_days) == (2_002_000.0, 2_000.0, 28)


@pytest.mark.parametrize(
    ("plain_days", "packed", "days"),
    [
        (None, None, 100),  # nothing is ever compressed
        (200, None, 100),  # full before anything is
        (20, 1e6, 20 + 800),
        (0, 1e6, 1000),
        (20, None, 20 + 800),  # a tenth, where nothing has been compressed yet
    ],
)
def test_room_is_for_plain_days_first_and_then_for_compressed_ones(
    tmp_path: Path, plain_days: int | None, packed: float | None, days: int
) -> None:
    found = replace(
        disk(tmp_path, NOW.date()),
        free_bytes=1_000_000_000,
        bytes_a_day=10e6,
        packed_bytes_a_day=packed,
        plain_days=plain_days,
    )
    assert found.days_left == days


def test_a_file_that_cannot_be_read_is_named_and_costs_only_its_own_figures(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    polls.FILE.path(tmp_path).unlink()
    polls.FILE.path(tmp_path).mkdir()
    found = judged(tmp_path)
    assert causes(found) == [
        "collect_sps_and_if/data/polls.csv cannot be read (Is a directory): give this user the file, or move it away"
    ]
    assert found.polling is None
    assert found.night is not None


def test_rows_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    for path in (polls.FILE.path(tmp_path), polled.FILES.path(tmp_path, NOW.date())):
        with path.open("a") as file:
            file.write(f'nonsense\n"{iso(NOW)}",,,,,\n\n2026-13-45T00:00:00+00:00,1,0,1,1\n{iso(NOW)},torn')
    assert told(tmp_path) == []


def test_a_share_is_rounded_down() -> None:
    assert [percent(share) for share in (None, 1.0, 0.9999, 0.8999, 0.9, 0.0)] == [
        "unknown", "100 %", "99.9 %", "89.9 %", "90 %", "0 %",
    ]  # fmt: skip


def test_a_spoiled_record_of_polls_is_told_before_the_polls_that_it_hides(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    path = polls.FILE.path(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:-20], *("03.03.2026 12:00,2,0\n" for _ in lines[-20:])]))
    cause, *symptoms = told(tmp_path)
    assert cause.startswith("20 rows of collect_sps_and_if/data/polls.csv under HOME make no sense")
    assert symptoms[0].startswith("the last finished poll was 3 h ago")
    assert symptoms[1] == "19 polls of the 72 due today are missing, less than 95% are done"


def test_a_senseless_row_beside_a_days_whole_record_needs_nobody(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    with polls.FILE.path(tmp_path).open("a") as file:
        file.write("03.03.2026 12:00,2,0\n")
    assert told(tmp_path) == []
