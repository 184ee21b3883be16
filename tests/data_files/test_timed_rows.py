"""Rows of files that begin with a time: whatever is in a file, the very rows that its table's reader gives."""

import gzip
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_files import timed_rows as timed_rows_module
from data_files.market import polled, polls
from data_files.timed_rows import RowsByDay, counted_rows, timed_rows
from tests.time_zone import in_zone

HEADER = "time,region,instance,sps,if,outcome,target_capacity"
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)

few = settings(max_examples=2 * settings().max_examples, suppress_health_check=[HealthCheck.function_scoped_fixture])

times = st.sampled_from(
    [
        "2026-03-03T11:50:00+00:00",
        "2026-03-03T12:10:00+00:00",
        "2026-03-02T23:50:00+09:00",
        '"2026-03-03T13:00:00+01:00"',
    ]
)
rests = st.sampled_from(
    [
        "us-east-1,m5.large,3,2,ok,10",
        "us-east-1,m5.large,3.0,2,ok,10",
        '"us-east-1",m5.large,,,refused,',
        "eu-west-1,c5.large,,1,failed,10",
    ]
)
good = st.builds("{},{}".format, times, rests)
REST = "us-east-1,m5.large,3,2,ok,10"
bad = st.sampled_from(
    [
        "",
        " ",
        "nonsense",
        "2026-03-03T11:50:00+00:00",
        "2026-03-03T11:50:00+00:00,us-east-1,m5.large,99,2,ok,10",
        f"never,{REST}",
        f"2026-03-03T11:50:00,{REST}",
        f"2026-02-31T11:50:00+00:00,{REST}",
        f"\ufffd,{REST}",
    ]
)
headers = st.sampled_from(
    [HEADER, f"\ufeff{HEADER}", HEADER.removesuffix(",target_capacity"), "region,time,instance,sps,if,outcome", ""]
)
ends = st.sampled_from(["\n", "\r\n"])


def write(folder: Path, header: str, lines: Sequence[str], end: str, tail: str, is_compressed: bool) -> Path:
    path = Path(tempfile.mkdtemp(dir=folder)) / "2026-03-03.csv"
    content = (end.join([header, *lines]) + end + tail).encode()
    if is_compressed:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content))
    else:
        path.write_bytes(content)
    return path


files = {
    "header": headers,
    "lines": st.one_of(st.lists(good, max_size=12), st.lists(st.one_of(good, good, bad), max_size=12)),
    "end": ends,
    "tail": st.sampled_from(["", "2026-03-03T11:50:00+00:00,us-east-1,m5.large,3,2,ok,1"]),
    "is_compressed": st.booleans(),
}


@few
@given(file=st.fixed_dictionaries(files))
def test_every_row_comes_with_its_time(file: dict[str, object], tmp_path: Path) -> None:
    path = write(tmp_path, **file)  # type: ignore[arg-type]
    expected = list(polled.FILES.read(path))
    found = [row._replace(time=time) for time, row in timed_rows(polled.FILES, path)]
    assert found == expected


@few
@given(file=st.fixed_dictionaries(files))
def test_rows_that_are_alike_are_counted(file: dict[str, object], tmp_path: Path) -> None:
    path = write(tmp_path, **file)  # type: ignore[arg-type]
    expected = Counter(row.outcome for row in polled.FILES.read(path) if row.time > NOON)
    found: Counter[str] = Counter()
    for row, count in counted_rows(polled.FILES, path, NOON):
        found[row.outcome] += count
    assert found == expected


@few
@given(file=st.fixed_dictionaries(files))
def test_days_are_read_by_themselves(file: dict[str, object], tmp_path: Path) -> None:
    path = write(tmp_path, **file)  # type: ignore[arg-type]
    passed_over: list[int] = []
    expected = list(polled.FILES.read(path, passed_over.append))
    rows = RowsByDay(polled.FILES, path)
    if file["header"]:  # without one every line is a row of nothing, of which none are made
        assert RowsByDay(polled.FILES, path).passed_over() == sum(passed_over)
    oldest, newest = rows.oldest(), rows.newest(NOON)
    assert (oldest and oldest.time) == min((row.time for row in expected), default=None)
    assert (newest and newest.time) == max((row.time for row in expected if row.time <= NOON), default=None)
    for day in {row.time.date() for row in expected}:
        assert Counter(rows.of(day)) == Counter(row for row in expected if row.time.date() == day)


minutes = st.lists(st.tuples(st.integers(-5000, 5000), st.sampled_from([-12, 0, 9, 14])), max_size=40)


@few
@given(moments=minutes)
def test_the_record_of_polls_finds_the_first_and_the_last_whatever_the_order_and_the_zones(
    moments: Sequence[tuple[int, int]], tmp_path: Path
) -> None:
    home = Path(tempfile.mkdtemp(dir=tmp_path))
    rows = [
        polls.PollRow((NOON + timedelta(minutes=minute)).astimezone(timezone(timedelta(hours=hours))), 1, 0, 1, 1.0)
        for minute, hours in moments
    ]
    polls.FILE.append(polls.FILE.path(home), rows)
    with in_zone("UTC"):
        record = polls.Record(home)
        last, begun = record.last(NOON), record.of_day(NOON.date()).begun
    by_now = [row.time for row in rows if row.time <= NOON] or [row.time for row in rows]
    assert (last and last.time) == max(by_now, default=None)
    assert begun == min((row.time for row in rows), default=None)


def test_of_a_file_of_years_each_day_is_found_whatever_part_of_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed_rows_module, "_BEGIN_BYTES", 200)
    monkeypatch.setattr(timed_rows_module, "_END_BYTES", 2000)
    moments = [NOON - timedelta(hours=8 * back) for back in reversed(range(600))]
    ahead = [NOON + timedelta(days=40), NOON + timedelta(days=41)]  # of a clock that was wrong for two polls
    written = [*moments[:-20], *ahead, *moments[-20:]]
    polls.FILE.append(polls.FILE.path(tmp_path), [polls.PollRow(moment, 1, 0, 1, 1.0) for moment in written])
    for day in {moment.date() for moment in written} | {date(2020, 1, 1)}:
        expected = [moment for moment in written if moment.date() == day]
        assert [row.time for row in polls.Record(tmp_path).of_day(day).polls] == expected
    for until in (NOON, NOON - timedelta(days=3), NOON - timedelta(days=150)):
        last = polls.Record(tmp_path).last(until)
        assert last
        assert last.time == max(moment for moment in written if moment <= until)
    begun = polls.Record(tmp_path).of_day(NOON.date()).begun
    assert begun == moments[0]
    assert polls.Record(tmp_path).unreadable() == 0
    with polls.FILE.path(tmp_path).open("a") as file:
        file.write("1 Nov 26 0:10,1,0,1,1.0\n")
    assert polls.Record(tmp_path).unreadable() == 1
