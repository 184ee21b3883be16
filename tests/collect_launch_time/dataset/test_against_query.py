"""The training table is, row by row, what DuckDB's ASOF joins find in the same files."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from benchmarks import training_table_query
from collect_launch_time.dataset.arrow_rows import Shape
from collect_launch_time.dataset.looks_table import training_rows
from collect_launch_time.dataset.walk import walk
from data_files import instance_tables
from data_files.launches.training_table import REQUEST_TIME, TABLE
from tests.collect_launch_time.dataset.collected import Collection
from tests.collect_launch_time.dataset.eventful_days import eventful_days


def by_query(home: Path) -> list[dict[str, Any]]:
    connection = training_table_query.connect(home, instance_tables.family_arch(home), instance_tables.vcpus(home))
    found = connection.execute(training_table_query.TABLE)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def by_us(home: Path) -> list[dict[str, Any]]:
    shape = Shape(TABLE, times_as_text=False)
    rows = [row for batch in training_rows(walk(home, print), shape) for row in batch.to_pylist()]
    return [{**row, REQUEST_TIME.name: round(1000 * row[REQUEST_TIME.name].timestamp())} for row in rows]


@pytest.mark.parametrize("seed", range(3))
def test_every_row_is_the_querys(tmp_path: Path, seed: int) -> None:
    collection = Collection(tmp_path)
    eventful_days(collection, seed)
    for path in sorted(tmp_path.rglob("2026-03-02.csv")):  # one of the days compressed
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    ours, theirs = by_us(tmp_path), by_query(tmp_path)
    assert len(ours) == len(theirs) == 3 * 24 * 2 * 3
    assert list(ours[0]) == list(theirs[0]) == list(TABLE.header)
    assert ours == theirs
    for name in TABLE.header:
        assert any(row[name] is not None for row in ours), f"{name} is never known: nothing is compared"
