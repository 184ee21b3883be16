"""Reads snapshots: CSV by the compiled scanner, or by Arrow where that cannot; and Parquet."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.rows import Block

if TYPE_CHECKING:
    from collect_sps_and_if.spotlake.read.neighbour_scanner import NeighbourScanner


class SnapshotReader:
    """Reads snapshots into blocks whose ids and codes are those of its `pools` and `values`.

    A CSV is read the faster the more lines it has in common with the one that was read before.
    """

    def __init__(self, *, compiled: bool = True) -> None:
        """Begin with no pool and no value. If not compiled, or without numba, Arrow reads all: to the same result."""
        self.pools = Pools()
        self.values = Values()
        self._scanner = _scanner(self.pools, self.values) if compiled else None

    def read(self, text: bytes | bytearray, span: Span | None) -> list[Block]:
        """Read the blocks of a CSV's text; `span` is its path's. Raises Damaged."""
        with self._values_rolled_back():
            blocks = self._read(text, span)
            self.values.check(blocks)
            return blocks

    def read_parquet(self, file: IO[bytes] | str, span: Span | None) -> list[Block]:
        """Read the blocks of a Parquet file; `span` is its path's. Raises Damaged."""
        from collect_sps_and_if.spotlake.read.parquet_reader import read_parquet

        with self._values_rolled_back():
            blocks = read_parquet(file, span, self.pools, self.values)
            self.values.check(blocks)
            return blocks

    def _read(self, text: bytes | bytearray, span: Span | None) -> list[Block]:
        value_count = len(self.values)
        block = self._scanner.scan(text, span) if self._scanner else None
        if block:
            return [block]
        self.values.truncate(value_count)
        from collect_sps_and_if.spotlake.read.csv_reader import read_csv

        return read_csv(text, span, self.pools, self.values)

    @contextlib.contextmanager
    def _values_rolled_back(self) -> Iterator[None]:
        """Forget the values of a file that turns out to be damaged."""
        value_count = len(self.values)
        try:
            yield
        except BaseException:
            self.values.truncate(value_count)
            if self._scanner:
                self._scanner.forget_previous()
            raise


def _scanner(pools: Pools, values: Values) -> NeighbourScanner | None:
    try:
        from collect_sps_and_if.spotlake.read.neighbour_scanner import NeighbourScanner
    except ImportError:  # numba has no build for this Python or machine
        return None
    return NeighbourScanner(pools, values)
