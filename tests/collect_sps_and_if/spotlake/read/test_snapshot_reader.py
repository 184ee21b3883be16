"""The compiled scanner reads what Arrow does, from whatever bytes."""

import random
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span, span_in_path
from collect_sps_and_if.spotlake.read import neighbour_scanner
from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader
from tests.collect_sps_and_if.spotlake.archives import COLUMNS, POOLS, csv_bytes, row, snapshots

Readable = list[tuple[int, list[tuple[str, float, float]]]]


class Reader:
    """A reader whose results can be compared: names and numbers in place of ids and codes, None for damage."""

    def __init__(self, *, compiled: bool) -> None:
        self.reader = SnapshotReader(compiled=compiled)

    def read(self, text: bytes, span: Span | None = None) -> Readable | None:
        try:
            blocks = self.reader.read(text, span)
        except Damaged:
            return None
        keys, values = self.reader.pools.keys(), self.reader.values
        return [
            (
                block.time,
                [
                    (keys[pool], sps, frequency)
                    for pool, sps, frequency in zip(
                        block.pools,
                        np.nan_to_num(values.numbers(block.sps), nan=-99).tolist(),
                        np.nan_to_num(values.numbers(block.frequency), nan=-99).tolist(),
                        strict=True,
                    )
                ],
            )
            for block in blocks
        ]


def lines(seed: int, count: int, pools: list[tuple[str, str, str]]) -> bytes:
    """Make a snapshot's text: most rows are those of any other seed; some are changed, removed, moved or doubled."""
    dice = random.Random(seed)
    rows = [row(pool, 3, 2.5, "2025-01-01 00:00:00") for pool in pools[:count]]
    for _ in range(dice.randrange(6)):
        at = dice.randrange(len(rows))
        match dice.randrange(5):
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
    return csv_bytes(rows)


MANY_POOLS = [(f"m{n}.large", "us-east-1", f"use1-az{n % 3}") for n in range(1, 30)]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6), st.integers(1, 29))
def test_scanner_and_arrow_read_the_same_from_neighbouring_snapshots(seeds: list[int], count: int) -> None:
    scanner, arrow = Reader(compiled=True), Reader(compiled=False)
    for seed in seeds:
        text = lines(seed, count, MANY_POOLS)
        assert scanner.read(text) == arrow.read(text)


@settings(max_examples=300)
@given(st.data())
def test_scanner_and_arrow_agree_on_what_is_damaged(data: st.DataObject) -> None:
    scanner, arrow = Reader(compiled=True), Reader(compiled=False)
    whole = lines(1, 10, MANY_POOLS)
    scanner.read(whole)
    for _ in range(3):
        broken = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(broken) - 1))
            piece = data.draw(
                st.sampled_from([b"", b",", b"\n", b'"', b"\r", b"x", b"-", b".", b"7", b"\xff", b"\t", b"e", b" "])
            )
            broken[at : at + data.draw(st.integers(0, 2))] = piece
        text = bytes(broken)
        assert scanner.read(text) == arrow.read(text), text
    assert scanner.read(whole) == arrow.read(whole)


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
        "9" * 15,
        "9" * 20,
        "0.1000000000000000055511151231257827",
    ],
)
def test_scanner_and_arrow_read_numbers_alike(cell: str) -> None:
    text = csv_bytes([row(POOLS[0], cell, 1.0, "2025-01-01 00:00:00")])
    assert Reader(compiled=True).read(text) == Reader(compiled=False).read(text)


def test_the_scanner_supports_every_usual_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from collect_sps_and_if.spotlake.read import csv_reader

    def refuse(*_: object) -> None:
        raise AssertionError("Arrow's reader was used")

    monkeypatch.setattr(csv_reader, "read_csv", refuse)
    reader = Reader(compiled=True)
    for columns in (COLUMNS, COLUMNS[1:], [*COLUMNS[1:], "Time"], COLUMNS[1:4] + COLUMNS[:1] + COLUMNS[4:]):
        for time, rows in snapshots(20):
            path = f"/aws-2025-01/01/{time[11:].replace(':', '-')}.csv"
            assert reader.read(csv_bytes(rows, columns), span_in_path(path))


def test_more_lines_and_pools_than_there_was_room_for_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbour_scanner, "INITIAL_LINES", 2)
    monkeypatch.setattr(neighbour_scanner, "INITIAL_POOLS", 3)
    scanner, arrow = Reader(compiled=True), Reader(compiled=False)
    for seed in range(20):
        text = lines(seed, 5 + seed, MANY_POOLS)
        assert scanner.read(text) == arrow.read(text)


def test_pools_keep_their_ids_whichever_reader_met_them_first() -> None:
    scanner, arrow = Reader(compiled=True), Reader(compiled=False)
    quoted = lines(1, 29, MANY_POOLS[::-1]).replace(b"m7.large", b'"m7.large"')
    for text in (lines(1, 9, MANY_POOLS), quoted, lines(2, 29, MANY_POOLS), lines(3, 29, MANY_POOLS)):
        assert scanner.read(text) == arrow.read(text)


@pytest.mark.parametrize("length", [32_000, 33_000, 70_000])
def test_lines_may_be_longer_than_the_scanner_supports(length: int) -> None:
    scanner, arrow = Reader(compiled=True), Reader(compiled=False)
    long_named = ("m" * length, "us-east-1", "use1-az1")
    for sps in (1, 2):
        text = csv_bytes([row(pool, sps, 1.0, "2025-01-01 00:00:00") for pool in (POOLS[0], long_named, POOLS[1])])
        assert scanner.read(text) == arrow.read(text) is not None


def test_without_numba_arrow_reads_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "collect_sps_and_if.spotlake.read.neighbour_scanner", None)
    text = lines(1, 10, MANY_POOLS)
    assert Reader(compiled=True).read(text) == Reader(compiled=False).read(text) is not None


@pytest.mark.parametrize("compiled", [True, False])
def test_rows_without_region_or_type_are_left_out(compiled: bool) -> None:
    rows = [
        row(("", "us-east-1", "use1-az1"), 1, 1.0, "2025-01-01 00:00:00"),
        row(POOLS[0], 2, 1.0, "2025-01-01 00:00:00"),
    ]
    (block,) = Reader(compiled=compiled).read(csv_bytes(rows)) or []
    assert [pool.split("\t")[1] for pool, _, _ in block[1]] == ["m5.large"]


@pytest.mark.parametrize("compiled", [True, False])
def test_too_many_different_numbers_are_damage_and_are_forgotten(compiled: bool) -> None:
    reader = Reader(compiled=compiled)
    text = csv_bytes([row(POOLS[0], n, 1.0, "2025-01-01 00:00:00") for n in range(2000)])
    assert reader.read(text) is None
    assert reader.read(csv_bytes([row(POOLS[0], 3, 1.0, "2025-01-01 00:00:00")]))
