"""Reads snapshots: CSV beside its neighbour in time, or by Arrow where it is unusual; and Parquet."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import IO

from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.neighbour_reader import NeighbourReader
from collect_sps_and_if.spotlake.read.rows import Block


class SnapshotReader:
    """Reads snapshots into blocks whose ids and codes are those of its `pools` and `values`.

    A CSV is read the faster the more lines it has in common with the one that was read before.
    """

    def __init__(self) -> None:
        """Begin with no pool and no value."""
        self.pools = Pools()
        self.values = Values()
        self._neighbours = NeighbourReader(self.pools, self.values)

    def read(self, text: bytes | bytearray, span: Span | None) -> list[Block]:
        """Read the blocks of a CSV's text; `span` is its path's. Raises Damaged."""
        with self._values_rolled_back() as value_count:
            block = self._neighbours.read(text, span)
            if block:
                blocks = [block]
            else:
                from collect_sps_and_if.spotlake.read.csv_reader import read_csv

                self.values.truncate(value_count)
                blocks = read_csv(text, span, self.pools, self.values)
            self.values.check(blocks)
            return blocks

    def read_parquet(self, file: IO[bytes] | str, span: Span | None) -> list[Block]:
        """Read the blocks of a Parquet file; `span` is its path's. Raises Damaged."""
        from collect_sps_and_if.spotlake.read.parquet_reader import read_parquet

        with self._values_rolled_back():
            blocks = read_parquet(file, span, self.pools, self.values)
            self.values.check(blocks)
            return blocks

    @contextlib.contextmanager
    def _values_rolled_back(self) -> Iterator[int]:
        """Forget the values of a file that turns out to be damaged. Gives how many there were before it."""
        value_count = len(self.values)
        try:
            yield value_count
        except BaseException:
            self.values.truncate(value_count)
            self._neighbours.forget()
            raise
