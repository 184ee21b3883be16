"""The first score, before there is any data of one's own: from SpotLake's public archive, any part of it in any layout.

Datasets are files, folders, zips and s3:// addresses, in any mixture. The archive is public, and needs no account:
s3://spotlake-open-data/data/aws/YYYY/MM/DD/. It is CC BY-NC 4.0: name the source, no commercial use.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:  # started by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common import terminal
from common.command_line import CommandLine, calendar_date
from common.errors import Refusal
from common.exit_code import DONE, IN_PART, leave

if TYPE_CHECKING:  # whatever takes long to load is loaded while the workers start
    from collect_sps_and_if.spotlake.cluster import ClusterWorkers
    from collect_sps_and_if.spotlake.count.summary import Summary
    from collect_sps_and_if.spotlake.workers import LocalWorkers
    from common.clock import Clock
    from data_files.folders import Folders

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent
_DEFAULT_DATASET = "spot_dataset/aws"


def main() -> int:
    """Score the datasets that the arguments name."""
    arguments = _arguments()
    try:
        return _score(arguments)
    except KeyboardInterrupt:
        from common.run_log import tell_on_stderr

        tell_on_stderr("interrupted: the first score is as it was before")
        return IN_PART


def _score(arguments: argparse.Namespace) -> int:
    local = None if arguments.scheduler else _local_workers(arguments.workers)  # before all else: they start meanwhile

    import configs
    from common.clock import Clock
    from common.files.run_lock import run_lock
    from common.run_log import start_log
    from data_files.folders import Folders

    clock, folders = Clock.start(), Folders(configs.HOME, "collect_sps_and_if")
    start_log(folders.log, clock.started)
    with run_lock(folders.data / "init_score.lock"):
        return _bootstrap(arguments, local or _cluster(arguments.scheduler), clock, folders)


def _bootstrap(
    arguments: argparse.Namespace, workers: LocalWorkers | ClusterWorkers, clock: Clock, folders: Folders
) -> int:
    started = time.monotonic()
    from collect_sps_and_if.spotlake.bootstrap import summarise_all
    from collect_sps_and_if.spotlake.count.scores import pair_scores
    from collect_sps_and_if.spotlake.find.sources import find
    from collect_sps_and_if.spotlake.find.times import span_of_days
    from collect_sps_and_if.spotlake.provenance import as_json, as_line, skipped_as_lines
    from common.files import durable_file
    from common.run_log import tell_on_stderr
    from data_files.market.scores import INITIAL

    with workers:
        window = span_of_days(arguments.first_day, arguments.last_day)
        summary = summarise_all(find(arguments.datasets), window, workers, _progress)
    ranked = pair_scores(summary)
    if not ranked:
        raise Refusal(_nothing_to_score(arguments, folders, summary))
    path = INITIAL.path(folders.home)
    provenance_file = path.with_suffix(".json")
    for line in skipped_as_lines(summary.skipped, str(provenance_file)):
        tell_on_stderr(line)
    provenance = as_json(summary, arguments.datasets, clock.started)
    INITIAL.replace(path, ranked)
    durable_file.replace(provenance_file, provenance)
    terminal.say_on_terminal(f"{as_line(summary, len(ranked), time.monotonic() - started)}; see {path}")
    return IN_PART if summary.skipped else DONE


def _local_workers(count: int) -> LocalWorkers:
    from collect_sps_and_if.spotlake.workers import LocalWorkers

    return LocalWorkers(count)


def _cluster(scheduler: str) -> ClusterWorkers:
    from collect_sps_and_if.spotlake.cluster import ClusterWorkers

    return ClusterWorkers(scheduler)


def _progress(summaries: Iterator[Summary], files: int) -> Iterator[Summary]:
    if not terminal.is_watched():
        yield from summaries
        return
    from tqdm import tqdm

    rows, started = 0, time.monotonic()
    with tqdm(total=files, unit=" files", desc="SpotLake", file=sys.stdout, leave=False, dynamic_ncols=True) as bar:
        for summary in summaries:
            rows += summary.rows
            bar.set_postfix_str(f"{rows / (time.monotonic() - started) / 1e6:.1f} million rows/s", refresh=False)
            bar.update(summary.files + len(summary.skipped))
            yield summary


def _nothing_to_score(arguments: argparse.Namespace, folders: Folders, summary: Summary) -> str:
    from collect_sps_and_if.spotlake.provenance import skipped_as_lines
    from data_files.market.scores import INITIAL

    for item in summary.skipped:
        log.warning("skipped %s: %s", item.name, item.why)
    reasons = skipped_as_lines(summary.skipped, str(folders.log))
    if len(summary.times):
        reasons.append("no row names a Region, an instance type and a zone")
    first, last = arguments.first_day, arguments.last_day
    days = f" from {first or 'the beginning'} to {last or 'the end'}" if first or last else ""
    return (
        f"no snapshot could be read in {', '.join(arguments.datasets)}{days}; {INITIAL.path(folders.home)} is unchanged"
        f"{''.join(f'; {line}' for line in reasons)}. "
        "Name SpotLake data to read, such as s3://spotlake-open-data/data/aws/2025/01/ (CC BY-NC 4.0)"
    )


def _arguments() -> argparse.Namespace:
    parser = CommandLine(
        prog="score_by_spotlake_data.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "datasets",
        nargs="*",
        metavar="DATASET",
        help=f"file, folder, zip or s3:// address; default: {_DEFAULT_DATASET}",
    )
    parser.add_argument("--from", dest="first_day", type=calendar_date, metavar="YYYY-MM-DD", help="first day (UTC)")
    parser.add_argument("--to", dest="last_day", type=calendar_date, metavar="YYYY-MM-DD", help="last day (UTC)")
    parser.add_argument(
        "--workers", type=_worker_count, default=_cores(), metavar="N", help="processes; default: one a core"
    )
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="use the workers of this Dask cluster instead")
    arguments = parser.parse_args()
    if arguments.first_day and arguments.last_day and arguments.first_day > arguments.last_day:
        parser.error("--from is later than --to")
    arguments.datasets = arguments.datasets or [_default_dataset()]
    return arguments


def _default_dataset() -> str:
    return _DEFAULT_DATASET if Path(_DEFAULT_DATASET).exists() else str(_ROOT / _DEFAULT_DATASET)


def _worker_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 1024")
    return int(text)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    leave(main)
