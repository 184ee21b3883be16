"""Whole archives, in every layout and with every oddity known, scored and compared with `reference`."""

import gzip
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.find.times import span_of_days
from tests.collect_sps_and_if.spotlake.archives import (
    COLUMNS,
    POOLS,
    Row,
    csv_bytes,
    row,
    scores_of,
    snapshots,
    summary_of,
    write,
    write_all,
    write_parquet,
)
from tests.collect_sps_and_if.spotlake.reference import reference_scores


def reference_of(made: list[tuple[str, list[Row]]]) -> list[tuple[object, ...]]:
    return [*reference_scores((time, row) for time, rows in made for row in rows)]


@pytest.mark.parametrize("layout", ["months", "plain", "open-data", "zip"])
def test_every_layout_has_the_scores_of_the_reference(layout: str, tmp_path: Path) -> None:
    made = snapshots(300)
    assert scores_of(write_all(tmp_path, made, layout)) == reference_of(made)


def test_daily_parquet_has_the_scores_of_the_reference(tmp_path: Path) -> None:
    made = snapshots(300)
    for day in ("2025-01-01", "2025-01-02", "2025-01-03"):
        rows = [row for time, rows in made for row in rows if time.startswith(day)]
        write_parquet(tmp_path / f"aws-2025-01/aws-{day}.parquet", rows)
    assert scores_of(tmp_path) == reference_of(made)


def test_rows_of_a_parquet_file_may_stand_in_any_order_and_in_many_row_groups(tmp_path: Path) -> None:
    made = snapshots(100)
    rows = [row for _, rows in made for row in rows]
    random.Random(1).shuffle(rows)
    write_parquet(tmp_path / "aws-2025-01/aws-2025-01-01.parquet", rows, row_group_size=50)
    assert scores_of(tmp_path) == reference_of(made)


def test_times_of_a_parquet_file_may_be_timestamps_or_text(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    made = snapshots(20)
    text = csv_bytes([row for _, rows in made for row in rows])
    strings = pa.csv.ConvertOptions(column_types={"Time": pa.string(), "SPS": pa.string()}, strings_can_be_null=False)
    pyarrow.parquet.write_table(pa.csv.read_csv(pa.BufferReader(text), convert_options=strings), tmp_path / "a.parquet")
    pyarrow.parquet.write_table(pa.csv.read_csv(pa.BufferReader(text)), tmp_path / "b.parquet")
    assert scores_of(tmp_path / "a.parquet") == scores_of(tmp_path / "b.parquet") == reference_of(made)


def test_where_rows_have_no_time_the_path_tells_it(tmp_path: Path) -> None:
    made = snapshots(50)
    write_all(tmp_path, made, columns=[name for name in COLUMNS if name != "Time"])
    assert scores_of(tmp_path) == reference_of(made)


def test_time_may_be_spelled_in_small_letters(tmp_path: Path) -> None:
    made = snapshots(30)
    for time, rows in made:
        write(tmp_path, time, csv_bytes(rows).replace(b"Time,", b"time,", 1))
    assert scores_of(tmp_path) == reference_of(made)


@pytest.mark.parametrize(
    "columns",
    [
        [name for name in COLUMNS if name not in ("T2", "T3")],
        ["IF", "AZ", "SpotPrice", "Time", "Region", "SPS", "InstanceType"],
        ["Region", "InstanceType", "AZ", "SPS", "IF", "Time"],
    ],
    ids=["before 2025", "another order", "time last"],
)
def test_columns_are_found_by_name_not_by_position(columns: list[str], tmp_path: Path) -> None:
    made = snapshots(60)
    assert scores_of(write_all(tmp_path, made, columns=columns)) == reference_of(made)


@pytest.mark.parametrize("layout", ["months", "parquet"])
def test_rows_without_a_zone_are_dropped(layout: str, tmp_path: Path) -> None:
    made = [
        (time, [*rows, row(("m5.large", "us-east-1", ""), number % 3 + 1, 1.0 + number % 2, time)])
        for number, (time, rows) in enumerate(snapshots(60))
    ]
    if layout == "parquet":
        write_parquet(tmp_path / "aws-2025-01/aws-2025-01-01.parquet", [row for _, rows in made for row in rows])
    else:
        write_all(tmp_path, made, layout)
    assert scores_of(tmp_path) == reference_of(made) == reference_of(snapshots(60))


def test_extra_columns_do_not_matter(tmp_path: Path) -> None:
    made = [(time, [{**row, "Ceased": "x y"} for row in rows]) for time, rows in snapshots(30)]
    assert scores_of(write_all(tmp_path, made, columns=["Ceased", *COLUMNS])) == reference_of(made)


def test_of_doubled_rows_the_last_counts_even_where_its_value_is_missing(tmp_path: Path) -> None:
    made = [
        ("2025-01-01 00:00:00", [row(POOLS[0], 3, 1.0, "2025-01-01 00:00:00")]),
        (
            "2025-01-01 00:10:00",
            [row(POOLS[0], 1, 2.0, "2025-01-01 00:10:00"), row(POOLS[0], "", 1.0, "2025-01-01 00:10:00")],
        ),
        ("2025-01-01 00:20:00", [row(POOLS[0], 3, 1.0, "2025-01-01 00:20:00")]),
    ]
    assert scores_of(write_all(tmp_path, made)) == [("us-east-1", "m5.large", 0.0, 0.0, 0.0)] == reference_of(made)


@pytest.mark.parametrize("layout", ["months", "parquet"])
def test_two_rows_of_one_pool_at_one_time_are_no_change(layout: str, tmp_path: Path) -> None:
    made = []
    for time, _ in snapshots(6):
        made.append(
            (time, [row(POOLS[0], 1, 1.0, time, SpotPrice="0.2"), row(POOLS[0], 3, 1.0, time, SpotPrice="0.3")])
        )
    if layout == "parquet":
        write_parquet(tmp_path / "aws-2025-01/aws-2025-01-01.parquet", [row for _, rows in made for row in rows])
    else:
        write_all(tmp_path, made)
    assert scores_of(tmp_path) == [("us-east-1", "m5.large", 0.0, 0.0, 0.0)]


def test_a_series_goes_on_over_the_end_of_a_month_and_missing_snapshots(tmp_path: Path) -> None:
    made = snapshots(40, start="2025-01-31 21:00:00")
    del made[10:22]
    assert scores_of(write_all(tmp_path, made)) == reference_of(made)


def test_files_may_be_given_in_any_order(tmp_path: Path) -> None:
    made = snapshots(40)
    paths = [write(tmp_path, time, csv_bytes(rows)) for time, rows in made]
    random.Random(2).shuffle(paths)
    assert scores_of(*paths) == reference_of(made)


def test_one_snapshot_alone_has_no_change(tmp_path: Path) -> None:
    (made,) = snapshots(1)
    path = write(tmp_path, made[0], csv_bytes(made[1]))
    assert {score[4] for score in scores_of(path)} == {0.0}


def test_a_file_whose_name_tells_no_time_is_ordered_by_the_times_in_it(tmp_path: Path) -> None:
    made = snapshots(30)
    for number, (_, rows) in enumerate(made):
        (tmp_path / f"{(number * 7) % 30}.csv.gz").write_bytes(gzip.compress(csv_bytes(rows)))
    assert scores_of(tmp_path) == reference_of(made)


def test_a_csv_may_hold_several_times(tmp_path: Path) -> None:
    made = snapshots(30)
    (tmp_path / "all.csv").write_bytes(csv_bytes([row for _, rows in made for row in rows]))
    assert scores_of(tmp_path) == reference_of(made)


def test_where_rows_and_path_tell_different_times_the_rows_are_right(tmp_path: Path) -> None:
    made = snapshots(30)
    times = [time for time, _ in made]
    for path_time, (_, rows) in zip(reversed(times), made, strict=True):
        write(tmp_path, path_time, csv_bytes(rows))
    assert scores_of(tmp_path) == reference_of(made)


def test_the_same_snapshots_from_several_layouts_count_once(tmp_path: Path) -> None:
    made = snapshots(150)
    write_all(tmp_path, made, "months")
    write_all(tmp_path, made[50:90], "open-data")
    write_all(tmp_path / "zips", made[80:], "zip")
    rows = [row for time, rows in made for row in rows if time < "2025-01-02"]
    write_parquet(tmp_path / "aws-2025-01/aws-2025-01-01.parquet", rows)
    summary = summary_of(tmp_path)
    assert scores_of(tmp_path) == reference_of(made)
    assert len(summary.times) == 150


@pytest.mark.parametrize("parquet_is_last", [True, False])
def test_where_two_files_differ_on_a_time_the_one_given_last_wins(parquet_is_last: bool, tmp_path: Path) -> None:
    made = snapshots(20)
    lower = [(time, [{**row, "SPS": "1"} for row in rows]) for time, rows in made]
    write_all(tmp_path / "csv", made)
    write_parquet(tmp_path / "aws-2025-01-01.parquet", [row for _, rows in lower for row in rows])
    given = [tmp_path / "csv", tmp_path / "aws-2025-01-01.parquet"]
    assert scores_of(*(given if parquet_is_last else reversed(given))) == reference_of(
        lower if parquet_is_last else made
    )


def test_a_file_named_twice_counts_once(tmp_path: Path) -> None:
    made = snapshots(10)
    write_all(tmp_path, made)
    assert summary_of(tmp_path, tmp_path / "aws-2025-01").files == 10


def test_a_damaged_copy_of_a_snapshot_leaves_the_whole_one(tmp_path: Path) -> None:
    made = snapshots(20)
    write_all(tmp_path, made, "months")
    whole = write(tmp_path, made[5][0], csv_bytes(made[5][1]), "open-data")
    write(tmp_path, made[5][0], b"", "months").write_bytes(whole.read_bytes()[:-9])
    assert scores_of(tmp_path) == reference_of(made)


def test_windows_lines_quotes_and_a_byte_order_mark_are_read_too(tmp_path: Path) -> None:
    made = snapshots(30)
    for number, (time, rows) in enumerate(made):
        text = [
            csv_bytes(rows),
            csv_bytes(rows).replace(b"\n", b"\r\n"),
            csv_bytes(rows, quoting=1),
            b"\xef\xbb\xbf" + csv_bytes(rows),
            csv_bytes(rows).rstrip(b"\n"),
        ][number % 5]
        write(tmp_path, time, text)
    assert scores_of(tmp_path) == reference_of(made)


def test_only_the_days_asked_for_count(tmp_path: Path) -> None:
    made = snapshots(400)
    write_all(tmp_path, made)
    chosen = [(time, rows) for time, rows in made if time.startswith("2025-01-02")]
    window = span_of_days(date(2025, 1, 2), date(2025, 1, 2))
    assert scores_of(tmp_path, window=window) == reference_of(chosen)


def test_pools_that_only_a_damaged_file_names_are_not_scored(tmp_path: Path) -> None:
    made = snapshots(10)
    write_all(tmp_path, made)
    other = row(("x9.large", "us-east-1", "use1-az9"), 1, 1.0, "2025-01-01 05:00:00")
    broken = row(("x9.large", "us-east-1", "use1-az8"), "much", 1.0, "2025-01-01 05:00:00")
    write(tmp_path, "2025-01-01 05:00:00", csv_bytes([other, broken]))
    assert scores_of(tmp_path) == reference_of(made)


cells = st.sampled_from(["", "-1", "1", "2", "3", "3.0", "-1.0"])
frequencies = st.sampled_from(["", "-1", "3.0", "2.5", "1.0"])
rows_of_a_snapshot = st.lists(st.tuples(st.sampled_from(POOLS), cells, frequencies), min_size=1, max_size=8)


@given(st.lists(rows_of_a_snapshot, min_size=1, max_size=12), st.sampled_from(["months", "plain"]))
def test_any_rows_in_any_order_have_the_scores_of_the_reference(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[list[tuple[tuple[str, str, str], str, str]]], layout: str
) -> None:
    times = [time for time, _ in snapshots(len(drawn), pools=())]
    made = [(time, [row(*values, time) for values in rows]) for time, rows in zip(times, drawn, strict=True)]
    assert scores_of(write_all(tmp_path_factory.mktemp("archive"), made, layout)) == reference_of(made)
