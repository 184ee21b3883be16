"""Make the package: the tables first, then what is said of them, then the checksums; in place when all is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collect_launch_time.dataset.day_stream import DayProgress
from collect_launch_time.dataset.package.contents import PackagedTable, packaged_tables
from collect_launch_time.dataset.package.package_folder import refuse_foreign, sha256, write_json, write_sums
from collect_launch_time.dataset.package.rows.arrow_columns import schema
from collect_launch_time.dataset.package.rows.monthly_files import MonthlyFiles
from collect_launch_time.dataset.package.words import croissant, datapackage, readme
from collect_launch_time.dataset.package.words.description import DescribedTable, Description
from collect_launch_time.dataset.package.words.survey import Survey, target_capacities
from common.errors import Refusal
from common.files.durable_folder import replacing_folder
from data_files.csv_table import DatedFiles, SingleFile
from data_files.published import PUBLISHED

_Watch = Callable[[str], DayProgress]
"""Gives, for what is about to be read, what wraps its days to show how far it is."""


_NOTHING = "nothing is recorded yet that could be published: python -m collect_sps_and_if makes a poll"


@dataclass(frozen=True)
class Packaged:
    """What was packaged: rows and files, and the rows passed over, by the table's name."""

    rows: int
    files: int
    senseless: dict[str, int]


def write_package(folder: Path, home: Path, licence: str | None, version_of_code: str, watch: _Watch) -> Packaged:
    """Put the package of all that is recorded under a HOME in place; licence is what its publisher chose, if they did.

    Raises Refusal where the folder holds anything but a package of ours, and where nothing is recorded; Unwritable.
    """
    folder = folder.absolute()
    refuse_foreign(folder)
    if not any(_is_begun(table.files, home) for table in PUBLISHED):
        raise Refusal(_NOTHING)
    survey = Survey()
    with replacing_folder(folder) as partial:
        tables = [_write_table(partial, table, home, watch) for table in packaged_tables(survey.seeing)]
        if survey.days is None:
            raise Refusal(_NOTHING)
        described = [table for table in tables if table.rows]
        description = Description(*survey.days, licence, version_of_code, described)
        capacities = target_capacities(home, watch("settings"))
        empty = [table.name for table in tables if not table.rows]
        text = readme.readme(description, empty, survey, capacities)
        (partial / readme.README_FILE).write_text(text, encoding="utf-8")
        _describe(partial, description)
        write_sums(partial)
    return _packaged(tables)


def _is_begun(files: DatedFiles[Any] | SingleFile[Any], home: Path) -> bool:
    return bool(files.days(home)) if isinstance(files, DatedFiles) else files.path(home).is_file()


def _write_table(folder: Path, table: PackagedTable, home: Path, watch: _Watch) -> DescribedTable:
    senseless: list[int] = []
    with MonthlyFiles(folder, table.name, schema(table.columns)) as files:
        for month, rows in table.batches(home, senseless.append, watch(table.name)):
            files.add(month, rows)
    return DescribedTable(table.name, table.row, table.columns, tuple(files.written()), sum(senseless))


def _describe(folder: Path, description: Description) -> None:
    hashes = {file.path: sha256(folder / file.path) for table in description.tables for file in table.files}
    for table in description.tables:
        write_json(folder / datapackage.schema_file(table), datapackage.table_schema(table))
    write_json(folder / datapackage.DATAPACKAGE_FILE, datapackage.data_package(description, hashes))
    write_json(folder / croissant.CROISSANT_FILE, croissant.croissant(description))


def _packaged(tables: Sequence[DescribedTable]) -> Packaged:
    return Packaged(
        sum(table.rows for table in tables),
        sum(len(table.files) for table in tables),
        {table.name: table.senseless for table in tables if table.senseless},
    )
