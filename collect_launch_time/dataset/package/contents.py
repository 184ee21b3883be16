"""Which tables the package holds: what data_files publishes of the collected files, and what is made of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from collect_launch_time.dataset.package.rows.arrow_columns import from_values, schema
from collect_launch_time.dataset.package.rows.collected_batches import Batch, Progress, See, collected_batches
from collect_launch_time.dataset.package.rows.made_batches import MadeTable, made_batches
from collect_launch_time.dataset.table_rows import training_rows
from data_files.csv_table import Column, DatedFiles, PassedOver, SingleFile
from data_files.launches import training_table
from data_files.published import FILE_DATE, PUBLISHED

_AT_ONCE = 50_000


def _training_rows(home: Path, passed_over: PassedOver, progress: Progress) -> Iterator[Any]:
    columns = training_table.TABLE.columns
    rows = training_rows(home, passed_over, progress)
    while some := list(islice(rows, _AT_ONCE)):
        values = zip(columns, zip(*some, strict=True), strict=True)
        yield pa.table([from_values(column, cells) for column, cells in values], schema(columns))


MADE = (
    MadeTable(
        "training_table",
        "a launch-time probe at a look, with what was known when its request was made",
        training_table.TABLE,
        _training_rows,
    ),
)


@dataclass(frozen=True)
class PackagedTable:
    """One table of the package: what a row of it is, its columns, and its rows, read when they are asked for."""

    name: str
    row: str
    columns: tuple[Column, ...]
    batches: Callable[[Path, PassedOver, Progress], Iterator[Batch]]
    """Takes the HOME under which the collected files lie."""


def packaged_tables(seeing: Callable[[DatedFiles[Any] | SingleFile[Any]], See]) -> Iterator[PackagedTable]:
    """Give the tables; seeing gives, for a collected table, who is shown its rows."""
    for collected in PUBLISHED:
        read = partial(collected_batches, collected, seeing(collected.files))
        yield PackagedTable(collected.name, collected.row, (FILE_DATE, *collected.columns), read)
    for made in MADE:
        yield PackagedTable(made.name, made.row, made.columns, partial(made_batches, made))
