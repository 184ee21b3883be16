"""The fast reader reads what Arrow does, from whatever bytes."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span, span_in_path
from collect_sps_and_if.spotlake.read import csv_reader, lines
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.rows import Block
from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader
from tests.collect_sps_and_if.spotlake.archives import COLUMNS, POOLS, csv_bytes, row, snapshots

Readable = list[tuple[int, list[tuple[str, float, float]]]]
Read = Callable[[bytes, Span | None], list[Block]]


class Reader:
    """A reader whose results can be compared: names and numbers in place of ids and codes, None for damage."""

    def __init__(self, pools: Pools, values: Values, read: Read) -> None:
        self.pools, self.values, self._read = pools, values, read

    def read(self, text: bytes, span: Span | None = None) -> Readable | None:
        try:
            blocks = self._read(text, span)
        except Damaged:
            return None
        return [(block.time, self._rows(block)) for block in blocks]

    def _rows(self, block: Block) -> list[tuple[str, float, float]]:
        keys = self.pools.keys()
        sps, frequency = (
            np.nan_to_num(self.values.numbers(codes), nan=-99).tolist() for codes in (block.sps, block.frequency)
        )
        return [(keys[pool], *values) for pool, *values in zip(block.pools, sps, frequency, strict=True)]


def fast_reader() -> Reader:
    reader = SnapshotReader()
    return Reader(reader.pools, reader.values, reader.read)


def arrow_reader() -> Reader:
    pools, values = Pools(), Values()

    def read(text: bytes, span: Span | None) -> list[Block]:
        known = len(values)
        try:
            blocks = csv_reader.read_csv(text, span, pools, values)
            values.check(blocks)
        except Damaged:
            values.truncate(known)
            raise
        return blocks

    return Reader(pools, values, read)


READERS = pytest.mark.parametrize("reader_of", [fast_reader, arrow_reader])


def text_of(seed: int, count: int, pools: list[tuple[str, str, str]]) -> bytes:
    """Make a snapshot's text: most rows are those of any other seed; some are changed, removed, moved or doubled."""
    dice = random.Random(seed)
    rows = [row(pool, 3, 2.5, "2025-01-01 00:00:00") for pool in pools[:count]]
    for _ in range(dice.randrange(6)):
        at = dice.randrange(len(rows))
        match dice.randrange(6):
            case 0:
                rows[at] = {**rows[at], "SPS": dice.choice(["1", "", "-1", "10", "2.50"])}
            case 1:
                rows[at] = {**rows[at], "SpotPrice": str(dice.random())}
            case 2 if len(rows) > 1:
                del rows[at]
            case 3:
                rows.insert(dice.randrange(len(rows)), rows.pop(at))
            case 4:
                rows.append({**rows[at], "IF": dice.choice(["1.0", "", "3"])})
            case 5:
                rows[at] = {**rows[at], "AZ": ""}
    return csv_bytes(rows)


MANY_POOLS = [(f"m{n}.large", "us-east-1", f"use1-az{n % 3}") for n in range(1, 30)]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6), st.integers(1, 29))
def test_both_readers_read_the_same_from_neighbouring_snapshots(seeds: list[int], count: int) -> None:
    fast, arrow = fast_reader(), arrow_reader()
    for seed in seeds:
        text = text_of(seed, count, MANY_POOLS)
        assert fast.read(text) == arrow.read(text)


@settings(max_examples=3 * settings().max_examples)
@given(st.data())
def test_both_readers_agree_on_what_is_damaged(data: st.DataObject) -> None:
    fast, arrow = fast_reader(), arrow_reader()
    whole = text_of(1, 10, MANY_POOLS)
    fast.read(whole)
    for _ in range(3):
        broken = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(broken) - 1))
            pieces = [b"", b",", b"\n", b'"', b"\r", b"x", b"-", b".", b"7", b"\xff", b"\t", b"e", b" ", b"\0"]
            piece = data.draw(st.sampled_from(pieces))
            broken[at : at + data.draw(st.integers(0, 2))] = piece
        text = bytes(broken)
        assert fast.read(text) == arrow.read(text), text
    assert fast.read(whole) == arrow.read(whole)


@pytest.mark.parametrize(
    "cell",
    [
        "7",
        "007",
        "-0",
        "-1.000",
        "1.",
        ".5",
        "+1",
        "1e1",
        " 1",
        "1 ",
        "nan",
        "NaN",
        "inf",
        "1_0",
        "0x1",
        "--1",
        "-",
        "0.100001",
        "0.1000001",
        "9" * 8,
        "9" * 15,
        "9" * 20,
        "0.1000000000000000055511151231257827",
    ],
)
def test_both_readers_read_numbers_alike(cell: str) -> None:
    text = csv_bytes([row(POOLS[0], cell, 1.0, "2025-01-01 00:00:00")])
    assert fast_reader().read(text) == arrow_reader().read(text)


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS[1:], [*COLUMNS[1:], "Time"]], ids=["first", "none", "last"])
@pytest.mark.parametrize("has_last_line_end", [True, False])
def test_every_usual_file_is_read_the_fast_way(
    columns: list[str], has_last_line_end: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("Arrow's reader was used")

    fast, arrow = fast_reader(), arrow_reader()
    for time, rows in snapshots(20):
        span = span_in_path(f"/aws-2025-01/01/{time[11:].replace(':', '-')}.csv")
        text = csv_bytes(rows, columns).removesuffix(b"" if has_last_line_end else b"\n")
        expected = arrow.read(text, span)
        with monkeypatch.context() as patched:
            patched.setattr(csv_reader, "read_csv", refuse)
            assert fast.read(text, span) == expected


def test_lines_that_share_a_slot_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "SLOT_BITS", 2)
    fast, arrow = fast_reader(), arrow_reader()
    for seed in range(20):
        text = text_of(seed, 5 + seed, MANY_POOLS)
        assert fast.read(text) == arrow.read(text)


@pytest.mark.parametrize("changed", range(0, 60, 3))
def test_a_change_anywhere_in_a_line_is_noticed(changed: int) -> None:
    pool = ("u7i-12tb.224xlarge", "ap-northeast-1", "apne1-az1")
    cells = {"SPS": "", "IF": "", "T3": "0" * 8}
    text = csv_bytes([row(pool, 3, 2.5, "2025-01-01 00:00:00"), row(POOLS[0], 3, 2.5, "2025-01-01 00:00:00", **cells)])
    fast, arrow = fast_reader(), arrow_reader()
    fast.read(text)
    at = text.index(b"\n") + len("\n2025-01-01 00:00:00,") + changed
    for other in (b"7", b",", b"x"):
        if text[at : at + 1] not in (b",", b"\n"):
            broken = text[:at] + other + text[at + 1 :]
            assert fast.read(broken) == arrow.read(broken)
            fast.read(text)


def test_pools_keep_their_ids_whichever_reader_met_them_first() -> None:
    fast, arrow = fast_reader(), arrow_reader()
    quoted = text_of(1, 29, MANY_POOLS[::-1]).replace(b"m7.large", b'"m7.large"')
    for text in (text_of(1, 9, MANY_POOLS), quoted, text_of(2, 29, MANY_POOLS), text_of(3, 29, MANY_POOLS)):
        assert fast.read(text) == arrow.read(text)


@pytest.mark.parametrize("length", [1, 20, 25, 32, 33, 60, 900, 2000, 70_000])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_lines_may_be_of_any_length_and_at_any_place(length: int, place: int) -> None:
    fast, arrow = fast_reader(), arrow_reader()
    pools = [POOLS[0], POOLS[1]]
    pools.insert(place, ("m" * length, "us-east-1", "use1-az1"))
    for sps in (1, 2, 2):
        rows = [row(pool, sps, 1.0, "2025-01-01 00:00:00") for pool in pools]
        for columns in (COLUMNS, ["Time", "Region", "InstanceType", "AZ", "SPS", "IF"]):
            text = csv_bytes(rows, columns)
            assert fast.read(text) == arrow.read(text) is not None


@READERS
@pytest.mark.parametrize("missing", ["Region", "InstanceType", "AZ"])
def test_rows_without_region_type_or_zone_are_left_out(reader_of: Callable[[], Reader], missing: str) -> None:
    rows = [
        {**row(POOLS[1], 1, 1.0, "2025-01-01 00:00:00"), missing: ""},
        row(POOLS[0], 2, 1.0, "2025-01-01 00:00:00"),
    ]
    reader = reader_of()
    for _ in range(2):
        assert reader.read(csv_bytes(rows)) == [(1735689600, [("us-east-1\tm5.large\tuse1-az1", 2.0, 1.0)])]


@READERS
def test_too_many_different_numbers_are_damage_and_are_forgotten(reader_of: Callable[[], Reader]) -> None:
    reader = reader_of()
    text = csv_bytes([row(POOLS[0], n, 1.0, "2025-01-01 00:00:00") for n in range(2000)])
    assert reader.read(text) is None
    assert reader.read(csv_bytes([row(POOLS[0], 3, 1.0, "2025-01-01 00:00:00")]))
