"""The training table: one row per probe and look, with what was known when the request was made.

Reads what the probe and the polls recorded under HOME. Without any option it prints the training table as CSV; with
--output and --instances, FILE's extension says whether CSV or Parquet is written. --instances writes the instance
table: one row per instance and stage (fulfilled, running, ready), for survival models. --columns prints what each
column means. --package writes a folder of everything that is collected and can be published, with its description; what
names an account or its resources stays out.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent.parent)

from collect_launch_time.folders import probe_folders
from common.clock import Clock
from common.command_line import CommandLine
from common.errors import Refusal
from common.exit_code import DONE, IN_PART, leave
from common.files import durable_file
from common.files.run_lock import run_lock
from common.run_log import start_log, tell_on_stderr
from common.terminal import print_result, progress, say_on_terminal
from data_files.csv_table import CsvTable, PassedOver
from data_files.launches import instance_table, looks, training_table
from data_files.launches.training_table import data_dictionary

_EXTENSIONS = (".csv", ".parquet")


def main() -> int:
    """Make the tables; say how many rows they have, and how many recorded rows make no sense."""
    arguments = _arguments()
    if arguments.columns:
        print_result(_columns_of_both())
        return DONE
    import configs

    folders = probe_folders(configs.HOME)
    start_log(folders.log, Clock.start().started)
    if arguments.package is not None:
        return _package(arguments.package, configs.HOME, arguments.licence)
    if not looks.FILES.days(configs.HOME):
        raise Refusal(f"no probe is recorded under {folders.data} yet: python -m collect_launch_time makes one")
    senseless: list[int] = []
    if arguments.output or arguments.instances:
        with run_lock(folders.data / "dataset.lock"):
            for path, table in ((arguments.output, training_table), (arguments.instances, instance_table)):
                if path:
                    senseless = []  # each goes through the same files
                    _write(path, table.TABLE, configs.HOME, senseless.append)
    else:
        _print(configs.HOME, senseless.append)
    if sum(senseless):
        tell_on_stderr(f"rows that make no sense were passed over: {sum(senseless)}")
    return IN_PART if sum(senseless) else DONE


def _package(folder: Path, home: Path, licence: str | None) -> int:
    from collect_launch_time.dataset.package.building import write_package
    from collect_launch_time.dataset.package.words.code_version import version_of_code

    with run_lock(probe_folders(home).data / "dataset.lock"):
        packaged = write_package(folder, home, licence, version_of_code(), _watch)
    if packaged.senseless:
        numbers = ", ".join(f"{table} {number}" for table, number in packaged.senseless.items())
        tell_on_stderr(f"rows that make no sense were passed over: {numbers}")
    say_on_terminal(f"{folder}: {packaged.rows:,} rows in {packaged.files} files of Parquet")
    return IN_PART if packaged.senseless else DONE


def _watch(what: str) -> Callable[[Sequence[date]], Iterable[date]]:
    return lambda days: progress(days, len(days), what)


def _columns_of_both() -> str:
    """Write the data dictionaries of both tables."""
    return (
        f"The training table has a row a probe and look:\n\n{data_dictionary(training_table.TABLE.columns)}\n"
        "The instance table has a row an instance and stage. Up to `timeout` it has the columns of the training table, "
        f"then:\n\n{data_dictionary(instance_table.OF_STAGE)}"
    )


def _write(path: Path, table: CsvTable[Any], home: Path, passed_over: PassedOver) -> None:
    from collect_launch_time.dataset.table_writer import make_table

    is_csv = path.suffix.lower() == ".csv"
    with durable_file.replacing(path) as file:
        rows = make_table(file, table, home, passed_over, _shown, is_csv=is_csv)
    say_on_terminal(f"{path}: {rows} rows from {len(looks.FILES.days(home))} days")


def _print(home: Path, passed_over: PassedOver) -> None:
    from collect_launch_time.dataset.table_writer import make_table

    make_table(sys.stdout.buffer, training_table.TABLE, home, passed_over, is_csv=True)


def _shown(days: Sequence[date]) -> Iterable[date]:
    return progress(days, len(days), "days")


def _arguments() -> argparse.Namespace:
    parser = CommandLine(
        prog="python -m collect_launch_time.dataset",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--output", type=_table_file, metavar="FILE", help="FILE.csv or FILE.parquet of the training table"
    )
    parser.add_argument("--instances", type=_table_file, metavar="FILE", help="likewise of the instance table")
    parser.add_argument("--columns", action="store_true", help="print the data dictionary of both, and nothing else")
    parser.add_argument("--package", type=Path, metavar="FOLDER", help="write everything publishable into a folder")
    parser.add_argument(
        "--licence", type=_licence, metavar="ID", help="of the package: an SPDX identifier such as CC-BY-4.0, or a URL"
    )
    arguments = parser.parse_args()
    if arguments.licence and arguments.package is None:
        parser.error("--licence goes with --package")
    if arguments.package is not None and (arguments.output or arguments.instances or arguments.columns):
        parser.error("--package goes with --licence only")
    return arguments


def _licence(text: str) -> str:
    from collect_launch_time.dataset.package.words.description import is_licence

    if not is_licence(text):
        raise argparse.ArgumentTypeError(f"{text!r} is neither an SPDX identifier such as CC-BY-4.0 nor an https URL")
    return text


def _table_file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in _EXTENSIONS:
        raise argparse.ArgumentTypeError(f"{text!r} ends neither in .csv nor in .parquet")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is a folder")
    return path


if __name__ == "__main__":
    leave(main)
