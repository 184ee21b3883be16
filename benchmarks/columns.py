"""What does it cost to read a day's polled rows by column: ours against pyarrow, DuckDB, and the table's own reader?

Each reader has a process of its own, reads the same made-up days, and has to give for every column the distinct texts
and which of them each row has; only ours and the table's own reader also say what a text means, and pass over rows that
make no sense. Prints ratios, as machines differ.

    python -m benchmarks.columns --days 60
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import collected_year
from data_files.market import polled

NAMES = polled.FILES.header


def _by_column() -> Callable[[Path], object]:
    from data_files import columnar

    return lambda path: columnar.read_columns(polled.FILES, path, polled.FILES.columns)


def _by_row() -> Callable[[Path], object]:
    return lambda path: list(polled.FILES.read(path))


def _pyarrow() -> Callable[[Path], object]:
    import pyarrow as pa
    from pyarrow import csv

    coded = pa.dictionary(pa.int32(), pa.string())
    reading = csv.ReadOptions(use_threads=False, block_size=1 << 24)
    converting = csv.ConvertOptions(column_types=dict.fromkeys(NAMES, coded), strings_can_be_null=False)

    def read(path: Path) -> object:
        table = csv.read_csv(path, reading, csv.ParseOptions(quote_char=False), converting).unify_dictionaries()
        chunks = [table[name].chunks[0] for name in NAMES]
        return [(chunk.indices.to_numpy(), chunk.dictionary.to_pylist()) for chunk in chunks]

    return read


def _duckdb() -> Callable[[Path], object]:
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in NAMES)
    options = f"columns = {{{columns}}}, header = true, auto_detect = false, delim = ',', quote = '', escape = ''"

    def read(path: Path) -> object:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE day AS FROM read_csv('{path}', {options})")
        texts = []
        for name in NAMES:
            distinct = f'SELECT DISTINCT "{name}" FROM day WHERE "{name}" IS NOT NULL'
            connection.execute(f'DROP TYPE IF EXISTS "{name}_text"; CREATE TYPE "{name}_text" AS ENUM ({distinct})')
            texts.append(connection.execute(f'SELECT enum_range(NULL::"{name}_text")').fetchone())
        codes = ", ".join(f'enum_code("{name}"::"{name}_text")' for name in NAMES)
        return texts, connection.execute(f"SELECT {codes} FROM day").fetchnumpy()

    return read


READERS = {"ours": _by_column, "pyarrow": _pyarrow, "DuckDB": _duckdb, "row by row": _by_row}


def _measure(reader: str, home: Path) -> None:
    read = READERS[reader]()
    days = polled.FILES.days(home)
    started = time.process_time()
    for day in days:
        read(polled.FILES.path(home, day))
    seconds = (time.process_time() - started) / len(days)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> int:
    """Measure, and print a line a reader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--measure", nargs=2, metavar=("READER", "HOME"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        _measure(arguments.measure[0], Path(arguments.measure[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        collected_year.write(Path(folder), arguments.days, probes=0)
        cost: dict[str, tuple[float, float]] = {}
        for reader in READERS:
            command = [sys.executable, "-m", "benchmarks.columns", "--measure", reader, folder]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            cost[reader] = (float(told[0]), float(told[1]))
            ratio = cost[reader][0] / cost["ours"][0]
            print(f"{reader}: CPU x {ratio:.1f} ({1000 * cost[reader][0]:.0f} ms a file), {cost[reader][1]:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
