"""datapackage.json, a Frictionless Data Package (version 1): a resource a file, and a schema a table in schemas/."""

from collections.abc import Iterator, Mapping
from typing import Any

from collect_launch_time.dataset.package.words.description import (
    KEYWORDS,
    PACKAGE_NAME,
    DescribedTable,
    Description,
    is_url,
)
from data_files.cells import DAY, MOMENT, NUMBER, WHOLE_NUMBER
from data_files.csv_table import Column

DATAPACKAGE_FILE = "datapackage.json"

_TYPES = {MOMENT: "datetime", DAY: "date", WHOLE_NUMBER: "integer", NUMBER: "number"}
# Readers by way of pandas show what is null in Parquet as one of these.
_MISSING = ["", "nan", "NaT"]


def schema_file(table: DescribedTable) -> str:
    """Give where a table's schema lies in the package."""
    return f"schemas/{table.name}.json"


def data_package(description: Description, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Describe the package; hashes holds the SHA-256 of each file by its path."""
    return {
        "profile": "data-package",
        "name": PACKAGE_NAME,
        "title": description.title,
        "description": description.summary,
        "version": description.version,
        "keywords": list(KEYWORDS),
        **_licences(description),
        "resources": list(_resources(description, hashes)),
    }


def table_schema(table: DescribedTable) -> dict[str, Any]:
    """Describe a table's columns (Table Schema)."""
    return {"fields": [_field(column) for column in table.columns], "missingValues": _MISSING}


def _licences(description: Description) -> dict[str, Any]:
    if description.licence is None:
        return {}
    name = {} if is_url(description.licence) else {"name": description.licence}
    return {"licenses": [{**name, "path": description.licence_url}]}


def _resources(description: Description, hashes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    # No "bytes": frictionless counts none of a Parquet file, and calls any number wrong.
    for table in description.tables:
        for file in table.files:
            yield {
                "name": f"{table.name}-{file.month}",
                "title": f"{table.name}, {file.month}",
                "description": f"A row is {table.row}.",
                "path": file.path,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "hash": f"sha256:{hashes[file.path]}",
                "rows": file.rows,
                "schema": schema_file(table),
            }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.is_needed else {}
    if column.kind.limits:
        constraints["minimum"], constraints["maximum"] = column.kind.limits
    if column.kind.values:
        constraints["enum"] = list(column.kind.values)
    return {
        "name": column.name,
        "type": _TYPES.get(column.kind.basic, "string"),
        "description": column.meaning,
        **({"constraints": constraints} if constraints else {}),
    }
