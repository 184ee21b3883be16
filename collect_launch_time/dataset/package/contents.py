"""Which tables the package holds: what data_files publishes of the collected files, and what is made of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from collect_launch_time.dataset.arrow_rows import Shape
from collect_launch_time.dataset.day_stream import DayProgress
from collect_launch_time.dataset.instance_rows import instance_rows
from collect_launch_time.dataset.looks_table import training_rows
from collect_launch_time.dataset.package.rows.collected_batches import MonthBatch, See, collected_batches
from collect_launch_time.dataset.package.rows.made_batches import MadeTable, RowSource, made_batches
from collect_launch_time.dataset.walk import DayOfRequests, walk
from data_files.csv_table import Column, CsvTable, DatedFiles, PassedOver, SingleFile
from data_files.launches import instance_table, training_table
from data_files.published import FILE_DATE, PUBLISHED


def _made(table: CsvTable[Any], rows: Callable[[Iterable[DayOfRequests], Shape], Iterator[Any]]) -> RowSource:
    return lambda home, passed_over, progress: rows(
        walk(home, passed_over, progress), Shape(table, times_as_text=False)
    )


_MADE = (
    MadeTable(
        "training_table",
        "a launch-time probe at a look, with what was known when its request was made",
        training_table.TABLE,
        _made(training_table.TABLE, training_rows),
    ),
    MadeTable(
        "instance_table",
        "a spot request and stage (fulfilled, running, ready), with what was known when it was made",
        instance_table.TABLE,
        _made(instance_table.TABLE, instance_rows),
        (instance_table.ZONE_SPS_NAME,),
    ),
)


@dataclass(frozen=True)
class PackagedTable:
    """One table of the package: what a row of it is, its columns, and its rows, read when they are asked for."""

    name: str
    row: str
    columns: tuple[Column, ...]
    batches: Callable[[Path, PassedOver, DayProgress], Iterator[MonthBatch]]
    """Takes the HOME under which the collected files lie."""


def packaged_tables(seeing: Callable[[DatedFiles[Any] | SingleFile[Any]], See]) -> Iterator[PackagedTable]:
    """Give the tables; seeing gives, for a collected table, who is shown its rows."""
    for collected in PUBLISHED:
        read = partial(collected_batches, collected, seeing(collected.files))
        yield PackagedTable(collected.name, collected.row, (FILE_DATE, *collected.columns), read)
    for made in _MADE:
        yield PackagedTable(made.name, made.row, made.columns, partial(made_batches, made))
