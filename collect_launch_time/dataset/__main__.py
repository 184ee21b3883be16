"""The training table: one row per probe and look, with what was known when the request was made.

Reads what the probe and the polls recorded under HOME. Without --output it prints CSV; with it, FILE's extension says
whether CSV or Parquet is written. --columns prints what each column means. --package writes a folder of everything
that is collected and can be published, with its description; what names an account or its resources stays out.
"""

import argparse
import sys
from pathlib import Path

from collect_launch_time.dataset.table_rows import Progress, training_rows
from collect_launch_time.dataset.table_writer import write_csv, write_parquet
from collect_launch_time.folders import probe_folders
from common.clock import Clock
from common.command_line import CommandLine
from common.errors import Refusal
from common.exit_code import DONE, IN_PART, leave
from common.files import durable_file
from common.files.run_lock import run_lock
from common.run_log import start_log, tell
from common.terminal import progress, say, show
from data_files.csv_table import PassedOver
from data_files.launches import looks
from data_files.launches.training_table import data_dictionary

EXTENSIONS = (".csv", ".parquet")


def main() -> int:
    """Make the table; say how many rows it has, and how many recorded rows make no sense."""
    arguments = _arguments()
    if arguments.columns:
        show(data_dictionary())
        return DONE
    import configs

    folders = probe_folders(configs.HOME)
    start_log(folders.log, Clock.start().started)
    if arguments.package is not None:
        return _package(arguments.package, configs.HOME, arguments.licence)
    if not looks.FILES.days(configs.HOME):
        raise Refusal(f"no probe is recorded under {folders.data} yet: python -m collect_launch_time makes one")
    senseless: list[int] = []
    if arguments.output is None:
        write_csv(sys.stdout.buffer, training_rows(configs.HOME, senseless.append))
    else:
        with run_lock(folders.data / "dataset.lock"):
            _write(arguments.output, configs.HOME, senseless.append)
    if sum(senseless):
        tell(f"rows that make no sense were passed over: {sum(senseless)}")
    return IN_PART if sum(senseless) else DONE


def _package(folder: Path, home: Path, licence: str | None) -> int:
    from collect_launch_time.dataset.package.building import write_package
    from collect_launch_time.dataset.package.words.code_version import version_of_code

    with run_lock(probe_folders(home).data / "dataset.lock"):
        packaged = write_package(folder, home, licence, version_of_code(), _watch)
    if packaged.senseless:
        numbers = ", ".join(f"{table} {number}" for table, number in packaged.senseless.items())
        tell(f"rows that make no sense were passed over: {numbers}")
    say(f"{folder}: {packaged.rows:,} rows in {packaged.files} files of Parquet")
    return IN_PART if packaged.senseless else DONE


def _watch(what: str) -> Progress:
    return lambda days: progress(days, len(days), what)


def _write(path: Path, home: Path, passed_over: PassedOver) -> None:
    write = write_csv if path.suffix.lower() == ".csv" else write_parquet
    days = looks.FILES.days(home)
    rows = training_rows(home, passed_over, lambda days: progress(days, len(days), "days"))
    with durable_file.replacing(path) as file:
        count = write(file, rows)
    say(f"{path}: {count} rows from {len(days)} days")


def _arguments() -> argparse.Namespace:
    parser = CommandLine(
        prog="python -m collect_launch_time.dataset",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--output", type=_table_file, metavar="FILE", help="FILE.csv or FILE.parquet")
    what.add_argument("--package", type=Path, metavar="FOLDER", help="write everything publishable into a folder")
    what.add_argument("--columns", action="store_true", help="print the data dictionary, and nothing else")
    parser.add_argument(
        "--licence", type=_licence, metavar="ID", help="of the package: an SPDX identifier such as CC-BY-4.0, or a URL"
    )
    arguments = parser.parse_args()
    if arguments.licence and arguments.package is None:
        parser.error("--licence goes with --package")
    return arguments


def _licence(text: str) -> str:
    from collect_launch_time.dataset.package.words.description import is_licence

    if not is_licence(text):
        raise argparse.ArgumentTypeError(f"{text!r} is neither an SPDX identifier such as CC-BY-4.0 nor an https URL")
    return text


def _table_file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in EXTENSIONS:
        raise argparse.ArgumentTypeError(f"{text!r} ends neither in .csv nor in .parquet")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is a folder")
    return path


if __name__ == "__main__":
    leave(main)
