"""croissant.json, the description in MLCommons' Croissant 1.0: a set of files and a set of records a table."""

from collections.abc import Iterator
from typing import Any

from collect_launch_time.dataset.package.words.description import KEYWORDS, PACKAGE_NAME, DescribedTable, Description
from data_files.cells import DAY, MOMENT, NUMBER, WHOLE_NUMBER
from data_files.csv_table import Column

CROISSANT_FILE = "croissant.json"

_TYPES = {MOMENT: "sc:DateTime", DAY: "sc:Date", WHOLE_NUMBER: "sc:Integer", NUMBER: "sc:Float"}

# As https://docs.mlcommons.org/croissant/docs/croissant-spec.html (1.0) has it.
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(description: Description) -> dict[str, Any]:
    """Describe the package."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": PACKAGE_NAME,
        "description": f"{description.title}. {description.summary}",
        "version": description.version,
        "citeAs": f"{description.title} (version {description.version}), by {description.version_of_code}",
        "keywords": list(KEYWORDS),
        "temporalCoverage": f"{description.first}/{description.last}",
        **({"license": description.licence_url} if description.licence else {}),
        "distribution": [_file_set(table) for table in description.tables],
        "recordSet": [_record_set(table) for table in description.tables],
    }


def _file_set(table: DescribedTable) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{table.name}-files",
        "name": f"{table.name}-files",
        "description": f"The files of {table.name}, one a month; SHA256SUMS has their checksums.",
        "encodingFormat": "application/x-parquet",
        "includes": f"{table.name}/*.parquet",
    }


def _record_set(table: DescribedTable) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"A row is {table.row}.",
        "field": list(_fields(table)),
    }


def _fields(table: DescribedTable) -> Iterator[dict[str, Any]]:
    for column in table.columns:
        yield {
            "@type": "cr:Field",
            "@id": f"{table.name}/{column.name}",
            "name": column.name,
            "description": column.meaning,
            "dataType": _type(column),
            "source": {"fileSet": {"@id": f"{table.name}-files"}, "extract": {"column": column.name}},
        }


def _type(column: Column) -> str:
    return _TYPES.get(column.kind.basic, "sc:Text")
