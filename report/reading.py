"""Read a day's CSV file column by column, fast; what csv_file's own reader would pass over is passed over here too."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from common import csv_file
from report import values

# Quotes, lone carriage returns, and whatever is not ASCII: rare, and left to the reader that defines what they mean.
_ODD = (b'"', b"\r", b"\0")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Column:
    """A column's distinct texts, and for every row which of them it holds."""

    codes: NDArray[np.int64]
    texts: pa.StringArray

    @cached_property
    def values(self) -> list[str]:
        """Give the distinct texts."""
        return list(self.texts.to_pylist())

    def mapped(self, read: Callable[[str], float]) -> NDArray[np.float64]:
        """Read every distinct text once and give the rows' numbers; NaN is for what is unknown or senseless."""
        return np.array([read(text) for text in self.values] or [np.nan], np.float64)[self.codes]

    def instants(self) -> NDArray[np.float64]:
        """Read times with their offset as seconds since 1970 in UTC; NaN is for what is none."""
        try:  # a look's time is hardly ever repeated: all at once is twenty times as fast as one by one
            cast = self.texts.cast(pa.timestamp("ms", tz="UTC"))
        except pa.ArrowInvalid:
            return self.mapped(values.instant)
        return np.asarray(cast.cast(pa.int64()).to_numpy() / 1000)[self.codes]


@dataclass(frozen=True)
class Sheet:
    """A file's whole rows by column."""

    columns: dict[str, Column]
    rows: int

    def __getitem__(self, name: str) -> Column:
        """Give the column of that name."""
        return self.columns[name]


@dataclass
class Troubles:
    """What could not be read, for the log and for the page."""

    lines: list[str] = field(default_factory=list)

    def rows_passed_over(self, path: Path, count: int) -> None:
        """Note rows that make no sense."""
        self._note(f"{path.parent.name}/{path.name}: rows that make no sense were passed over: {count}")

    def file_passed_over(self, path: Path, reason: str) -> None:
        """Note a file that is of no use as a whole."""
        self._note(f"{path.parent.name}/{path.name} was passed over: {reason}")

    def days_left_out(self, last: date, count: int) -> None:
        """Note days that are not yet."""
        self._note(f"days in the future, up to {last}, were left out: {count}; did the clock run ahead?")

    def _note(self, line: str) -> None:
        self.lines.append(line)
        log.warning(line)


def read_sheet(path: Path, names: Sequence[str], troubles: Troubles) -> Sheet | None:
    """Read the named columns of a file; None if there is no such file, or no use in it. Notes what was passed over."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        troubles.file_passed_over(path, error.strerror or "it cannot be read")
        return None
    content = content[: content.rfind(b"\n") + 1]
    sheet = _read_fast(path, content, names, troubles) if _is_plain(content) else None
    return sheet or _read_slowly(path, names, troubles)


def _is_plain(content: bytes) -> bool:
    if not content.isascii():  # of a broken row that is no text pyarrow complains on stderr, whatever one does
        return False
    header = content[: content.find(b"\n")].split(b",")
    is_clear = len(set(header)) == len(header) and all(name and name == name.strip() for name in header)
    return is_clear and not any(mark in content for mark in _ODD)


def _read_fast(path: Path, content: bytes, names: Sequence[str], troubles: Troubles) -> Sheet | None:
    broken = 0

    def skip(_row: Any) -> str:
        nonlocal broken
        broken += 1
        return "skip"

    text = pa.dictionary(pa.int32(), pa.string())
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(quote_char=False, invalid_row_handler=skip),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, text), include_columns=list(names), strings_can_be_null=False
            ),
        ).unify_dictionaries()
    except (pa.ArrowInvalid, pa.ArrowKeyError):  # no text, no such column: the slow reader says what is what
        return None
    if broken:
        troubles.rows_passed_over(path, broken)
    return Sheet({name: _column(table[name]) for name in names}, table.num_rows)


def _column(chunked: Any) -> Column:
    chunks = chunked.chunks
    if not chunks:
        return Column(np.empty(0, np.int64), pa.array([], pa.string()))
    codes = np.concatenate([chunk.indices.to_numpy(zero_copy_only=False) for chunk in chunks])
    return Column(codes.astype(np.int64), chunks[0].dictionary)


def _read_slowly(path: Path, names: Sequence[str], troubles: Troubles) -> Sheet | None:
    rows = list(csv_file.read(path, lambda count: troubles.rows_passed_over(path, count)))
    if rows and (missing := [name for name in names if name not in rows[0]]):
        troubles.file_passed_over(path, f"it has no column {missing[0]!r}")
        return None
    return Sheet({name: _coded(row[name] for row in rows) for name in names}, len(rows))


def _coded(texts: Iterable[str]) -> Column:
    places: dict[str, int] = {}
    codes = [places.setdefault(text, len(places)) for text in texts]
    return Column(np.array(codes, np.int64), pa.array(list(places), pa.string()))
