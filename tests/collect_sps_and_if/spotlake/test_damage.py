"""Whatever is wrong with a file, it is skipped whole and named with the reason; the rest is scored."""

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from collect_sps_and_if.spotlake.find import damage
from collect_sps_and_if.spotlake.find.sources import Skipped
from collect_sps_and_if.spotlake.provenance import skipped_as_lines
from tests.collect_sps_and_if.spotlake.archives import (
    COLUMNS,
    POOLS,
    csv_bytes,
    name,
    reasons,
    row,
    scores_of,
    snapshots,
    summary_of,
    write,
    write_all,
    write_parquet,
)

TIME = "2025-01-01 20:00:00"
GOOD = csv_bytes([row(pool, 1, 1.0, TIME) for pool in POOLS])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (csv_bytes([]), "no rows"),
        (GOOD.replace(b"SPS", b"Score", 1), "wrong header: no SPS"),
        (csv_bytes([row(POOLS[0], "many", 1.0, TIME)]), "text in SPS or IF"),
        (csv_bytes([row(POOLS[0], 1, 1.0, TIME), row(POOLS[1], 1, "N/A", TIME)]), "text in SPS or IF"),
        (GOOD[:-30], "rows with different numbers of cells"),
        (GOOD + b"2025-01-01 20:00:00,m5.large\n", "rows with different numbers of cells"),
        (csv_bytes([row(POOLS[0], 1, 1.0, "yesterday")]), "a Time that cannot be read"),
        (bytes(range(256)) * 40, "wrong header"),
        (GOOD.replace(b"m5.large", b"m5.\xff\xfe"), "not a CSV"),
    ],
    ids=[
        "empty",
        "header only",
        "wrong header",
        "text",
        "text further down",
        "cut",
        "short row",
        "no time",
        "binary",
        "no UTF-8",
    ],
)
@pytest.mark.parametrize("layout", ["plain", "months"])
def test_a_broken_file_is_named_and_skipped_whole(content: bytes, why: str, layout: str, tmp_path: Path) -> None:
    made = snapshots(20)
    write_all(tmp_path, made)
    expected = scores_of(tmp_path)
    write(tmp_path, TIME, content, layout)
    summary = summary_of(tmp_path)
    ((file, reason),) = reasons(summary.skipped, tmp_path).items()
    assert file == name(TIME, layout)
    assert reason.startswith(why)
    assert scores_of(tmp_path) == expected


@pytest.mark.parametrize("cut", [1, 8, 40])
def test_a_gz_cut_short_is_skipped(cut: int, tmp_path: Path) -> None:
    path = write(tmp_path, TIME, GOOD)
    path.write_bytes(path.read_bytes()[:-cut])
    assert reasons(summary_of(tmp_path).skipped, tmp_path)[name(TIME, "months")].startswith("cut short")


def test_a_stray_file_and_a_folder_named_like_a_snapshot_are_named(tmp_path: Path) -> None:
    write(tmp_path, TIME, GOOD)
    (tmp_path / "aws-2025-01/README.txt").write_text("about")
    (tmp_path / "aws-2025-01/01/00-00-00.csv.gz").mkdir()
    summary = summary_of(tmp_path)
    assert summary.files == 1
    assert reasons(summary.skipped, tmp_path) == {
        "aws-2025-01/README.txt": "not a snapshot (.csv, .csv.gz, .parquet or .zip)",
        "aws-2025-01/01/00-00-00.csv.gz": "a folder with the name of a file",
    }


LITTER = (
    ".DS_Store",
    "._00-00-00.csv",
    "__MACOSX/01/00-00-00.csv",
    "Thumbs.db",
    "desktop.ini",
    ".~lock.00-00-00.csv#",
    "~$notes.csv",
    "00-00-00.csv~",
    "#00-00-00.csv#",
    ".#00-00-00.csv",
    ".00-00-00.csv.swp",
    ".Trash-1000/files/00-00-00.csv",
    ".git/objects/00/1234",
)


@pytest.mark.parametrize("litter", LITTER)
def test_what_systems_and_editors_leave_about_is_passed_over_silently(litter: str, tmp_path: Path) -> None:
    folder = write(tmp_path, TIME, GOOD).parent
    (folder / litter).parent.mkdir(parents=True, exist_ok=True)
    (folder / litter).write_bytes(b"what is this")
    with zipfile.ZipFile(tmp_path / "aws-2025-02.zip", "w") as archive:
        archive.writestr("01/20-00-00.csv", GOOD.replace(b"2025-01", b"2025-02"))
        archive.writestr(f"01/{litter}", b"what is this")
    summary = summary_of(tmp_path)
    assert (summary.files, summary.skipped) == (2, [])


@pytest.mark.parametrize("layout", ["plain", "months"])
def test_a_file_too_large_for_memory_is_named_and_not_read(layout: str, tmp_path: Path) -> None:
    write(tmp_path, "2025-01-01 10:00:00", GOOD.replace(b" 20:", b" 10:"))
    with write(tmp_path, TIME, GOOD, layout).open("ab") as file:
        file.truncate(damage.MAX_BYTES + 1)
    summary = summary_of(tmp_path)
    assert reasons(summary.skipped, tmp_path) == {name(TIME, layout): "has more than 512 MB"}
    assert summary.files == 1


def test_a_named_pipe_is_named_and_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, TIME, GOOD)
    os.mkfifo(tmp_path / "00-00-00.csv")
    assert reasons(summary_of(tmp_path).skipped, tmp_path) == {"00-00-00.csv": "not a regular file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    write(tmp_path, TIME, GOOD).chmod(0)
    assert reasons(summary_of(tmp_path).skipped, tmp_path) == {name(TIME, "months"): "permission denied"}


def test_a_dataset_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert reasons(summary_of(tmp_path / "nowhere").skipped, tmp_path) == {"nowhere": "no such file or directory"}


def test_links_that_form_a_loop_are_followed_once(tmp_path: Path) -> None:
    write(tmp_path, TIME, GOOD)
    (tmp_path / "aws-2025-01" / "again").symlink_to(tmp_path)
    assert summary_of(tmp_path).files == 1


def test_zip_members_with_unsafe_paths_or_broken_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "aws-2025-01.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("01/20-00-00.csv", GOOD)
        archive.writestr("01/20-10-00.csv", GOOD.replace(b"20:00", b"20:10"))
        archive.writestr("../01/20-20-00.csv", GOOD)
        archive.writestr("/01/20-30-00.csv", GOOD)
        archive.writestr("01/notes.txt", "about")
    content = path.read_bytes()
    at = content.index(b"20:10")
    path.write_bytes(content[:at] + b"20:11" + content[at + 5 :])
    summary = summary_of(path)
    assert summary.files == 1
    assert {file.partition("!")[2]: why for file, why in reasons(summary.skipped, tmp_path).items()} == {
        "../01/20-20-00.csv": "its path leads outside the zip",
        "/01/20-30-00.csv": "its path leads outside the zip",
        "01/notes.txt": "not a snapshot (.csv, .csv.gz or .parquet)",
        "01/20-10-00.csv": "cannot be read from the zip (Bad CRC-32 for file '01/20-10-00.csv')",
    }


def test_a_file_that_is_no_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "aws-2025-01.zip").write_bytes(b"PK nothing")
    assert reasons(summary_of(tmp_path).skipped, tmp_path) == {"aws-2025-01.zip": "File is not a zip file"}


@pytest.mark.parametrize("broken", ["cut", "no Parquet", "no column", "text"])
def test_a_broken_parquet_file_is_named_and_skipped_whole(broken: str, tmp_path: Path) -> None:
    made = snapshots(20)
    path = tmp_path / "aws-2025-01/aws-2025-01-01.parquet"
    columns = [column for column in COLUMNS if column != "AZ"] if broken == "no column" else COLUMNS
    rows = [{**row, "SPS": "many"} if broken == "text" else row for _, rows in made for row in rows]
    write_parquet(path, rows, columns)
    if broken == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    elif broken == "no Parquet":
        path.write_bytes(b"no Parquet at all")
    write(tmp_path, TIME, GOOD)
    summary = summary_of(tmp_path)
    assert list(reasons(summary.skipped, tmp_path)) == ["aws-2025-01/aws-2025-01-01.parquet"]
    assert len(summary.times) == 1


def test_a_lzma_member_of_a_zip_with_flipped_bytes_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "aws-2025-01.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for minute in (0, 1):
            archive.writestr(f"01/20-{minute}0-00.csv", GOOD.replace(b"20:00", b"20:%d0" % minute))
    content = bytearray(path.read_bytes())
    at = content.index(b"01/20-10-00.csv") + 40
    content[at : at + 8] = b"\xff" * 8
    path.write_bytes(content)
    summary = summary_of(path)
    assert (summary.files, list(reasons(summary.skipped, tmp_path))) == (1, ["aws-2025-01.zip!01/20-10-00.csv"])


@pytest.mark.parametrize("member", [".", "./.csv"])
def test_a_zip_member_with_an_odd_name_costs_only_itself(member: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "aws-2025-01.zip", "w") as archive:
        archive.writestr("01/20-00-00.csv", GOOD)
        archive.writestr(member, b"what is this")
    summary = summary_of(tmp_path)
    assert (summary.files, len(summary.skipped)) == (1, 1)


def test_a_parquet_file_with_text_that_is_not_utf_8_costs_only_itself(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "aws-2025-01-01.parquet", [row(POOLS[0], 1, 1.0, TIME)], compression="none")
    path.write_bytes(path.read_bytes().replace(b"us-east-1", b"us-\xff\xfest-1"))
    write(tmp_path, TIME, GOOD)
    summary = summary_of(tmp_path)
    assert (summary.files, list(reasons(summary.skipped, tmp_path))) == (1, ["aws-2025-01-01.parquet"])


def test_names_of_parquet_may_be_bytes(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    path = write_parquet(tmp_path / "aws-2025-01-01.parquet", [row(POOLS[0], 1, 1.0, TIME)])
    table = pyarrow.parquet.read_table(path)
    names = {"Region", "InstanceType", "AZ"}
    kinds = pa.schema([field.with_type(pa.binary()) if field.name in names else field for field in table.schema])
    pyarrow.parquet.write_table(table.cast(kinds), path)
    assert [pair[:2] for pair in scores_of(path)] == [("us-east-1", "m5.large")]


@pytest.mark.parametrize("tail", [b"\x1f", b"\x1f\x8b\x08"])
def test_a_gz_cut_within_the_header_of_its_second_member_is_skipped(tail: bytes, tmp_path: Path) -> None:
    path = write(tmp_path, TIME, GOOD)
    path.write_bytes(path.read_bytes() + tail)
    assert list(reasons(summary_of(tmp_path).skipped, tmp_path)) == [name(TIME, "months")]


def test_times_at_the_ends_of_the_calendar_cost_no_other_file(tmp_path: Path) -> None:
    write(tmp_path, TIME, GOOD)
    write_parquet(tmp_path / "aws-9999-12-31.parquet", [row(POOLS[0], 2, 1.0, "2025-01-01 21:00:00")])
    (tmp_path / "0.csv").write_bytes(GOOD.replace(b"2025-01-01 20:00:00", b"0001-01-01T00:00:00+14:00"))
    summary = summary_of(tmp_path)
    assert (summary.files, reasons(summary.skipped, tmp_path)) == (2, {"0.csv": "a Time that cannot be read"})


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_with_too_many_numbers_costs_no_other_file(kind: str, tmp_path: Path) -> None:
    write_all(tmp_path, snapshots(30))
    expected = scores_of(tmp_path)
    rows = [row(POOLS[0], 5 + number, 1.0, "2025-01-01 00:05:00") for number in range(1500)]
    if kind == "csv":
        write(tmp_path, "2025-01-01 00:05:00", csv_bytes(rows))
    else:
        write_parquet(tmp_path / "aws-2025-01-01.parquet", rows)
    summary = summary_of(tmp_path)
    assert (summary.files, [skipped.why[:27] for skipped in summary.skipped]) == (30, ["too many different numbers "])
    assert scores_of(tmp_path) == expected


def test_an_empty_gz_member_and_a_whole_one_are_read_together(tmp_path: Path) -> None:
    path = write(tmp_path, TIME, GOOD)
    path.write_bytes(gzip.compress(b"") + gzip.compress(GOOD[:200]) + gzip.compress(GOOD[200:]))
    assert summary_of(tmp_path).rows == len(POOLS)


def test_files_skipped_for_one_cause_are_told_in_one_line_with_their_number() -> None:
    skipped = [Skipped(f"{n}.csv", "empty") for n in range(20)] + [Skipped("x.txt", "not a snapshot")]
    assert skipped_as_lines(skipped, "init_score.json") == [
        "skipped 20 files, empty: 0.csv, 1.csv, 2.csv and 17 more (all are named in init_score.json)",
        "skipped 1 file, not a snapshot: x.txt",
    ]
