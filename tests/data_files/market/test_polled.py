"""A day's file: what is read from it, in which order, and what makes no sense."""

from datetime import date, datetime
from pathlib import Path

import pytest

from data_files.market.polled import FILES, PolledDay, read_day
from tests.collect_sps_and_if.collected_day import SPS_AND_IF

DAY = date(2026, 3, 1)
GOOD = "2026-03-01T00:10:00+00:00,us-east-1,m5.large,3,0,ok"


def read(tmp_path: Path, *lines: str, header: str = SPS_AND_IF) -> PolledDay:
    path = FILES.path(tmp_path, DAY)
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"{line}\n" for line in (header, *lines)))
    return read_day(tmp_path, DAY)


def scores(day: PolledDay) -> list[int | None]:
    (rows,) = day.rows.values()
    return [row.sps for row in rows]


def test_rows_are_ordered_by_moment_whatever_their_utc_offset(tmp_path: Path) -> None:
    day = read(
        tmp_path,
        "2026-03-01T03:00:00+01:00,us-east-1,m5.large,7,0,ok",
        "2026-03-01T02:50:00+02:00,us-east-1,m5.large,6,0,ok",
        "2026-03-01T01:50:00+00:00,us-east-1,m5.large,5,0,ok",
    )
    assert scores(day) == [6, 5, 7]


def test_of_rows_with_the_same_time_and_pair_the_last_counts_whole(tmp_path: Path) -> None:
    day = read(tmp_path, GOOD, "2026-03-01T01:10:00+01:00,us-east-1,m5.large,,0,failed")
    assert scores(day) == [None]


def test_an_empty_cell_is_unknown_and_interruption_frequency_0_is_not(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "2026-03-01T00:10:00+00:00,us-east-1,m5.large,,0,absent").rows["us-east-1", "m5.large"]
    assert (row.sps, row.interruption_frequency) == (None, 0)


def test_whole_numbers_written_as_decimals_are_understood(tmp_path: Path) -> None:
    assert scores(read(tmp_path, "2026-03-01T00:10:00+00:00,us-east-1,m5.large,3.0,1.0,ok")) == [3]


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    day = read(
        tmp_path, "ok,4,0,m5.large,us-east-1,2026-03-01T00:10:00+00:00", header="outcome,sps,if,instance,region,time"
    )
    assert scores(day) == [4]


@pytest.mark.parametrize(
    "line",
    [
        "yesterday,us-east-1,m5.large,3,0,ok",
        "2026-03-01T00:20:00,us-east-1,m5.large,3,0,ok",
        "2026-03-01T00:20:00+00:00,,m5.large,3,0,ok",
        "2026-03-01T00:20:00+00:00,us-east-1,m5 large,3,0,ok",
        "2026-03-01T00:20:00+00:00,us-east-1,m5.large,11,0,ok",
        "2026-03-01T00:20:00+00:00,us-east-1,m5.large,-1,0,ok",
        "2026-03-01T00:20:00+00:00,us-east-1,m5.large,nan,0,ok",
        "2026-03-01T00:20:00+00:00,us-east-1,m5.large,3,5,ok",
        "2026-03-01T00:20:00+00:00,us-east-1,m5.large,3,0,splendid",
        "2026-03-01T00:20:00+00:00,us-east-1,m5.large,3",
        '2026-03-01T00:20:00+00:00,us-east-1,"m5.large,3,0,ok',
    ],
)
def test_a_senseless_row_costs_itself_only_and_is_counted(tmp_path: Path, line: str) -> None:
    day = read(tmp_path, line, GOOD, line)
    assert (scores(day), day.senseless) == ([3], 2)


def test_a_torn_last_line_was_never_acknowledged_and_is_not_senseless(tmp_path: Path) -> None:
    path = FILES.path(tmp_path, DAY)
    path.parent.mkdir(parents=True)
    path.write_text(f"{SPS_AND_IF}\n{GOOD}\n2026-03-01T00:20:00+00:00,us-ea")
    day = read_day(tmp_path, DAY)
    assert (scores(day), day.senseless) == ([3], 0)


def test_the_times_of_the_polls_are_told(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD, GOOD).times == {datetime.fromisoformat("2026-03-01T00:10:00+00:00")}
