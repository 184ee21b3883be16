"""The first score, before there is any data of one's own: from SpotLake's public archive, any part of it in any layout.

Datasets are files, folders, zips and s3:// addresses, mixed as they come. The archive is public, and needs no account:
s3://spotlake-open-data/data/aws/YYYY/MM/DD/. It is CC BY-NC 4.0: name the source, no commercial use.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
if not __package__:  # run by its path: Python then looks for modules in this folder, not in the one above
    sys.path[0] = str(ROOT)

from common import terminal  # noqa: E402
from common.command_line import CommandLine, calendar_date  # noqa: E402
from common.errors import Refusal  # noqa: E402
from common.exit_code import DONE, IN_PART, leave  # noqa: E402

if TYPE_CHECKING:  # whatever takes long to load is loaded while the workers start
    from collect_sps_and_if.spotlake.cluster import ClusterWorkers
    from collect_sps_and_if.spotlake.count.summary import Summary
    from collect_sps_and_if.spotlake.workers import LocalWorkers
    from collect_sps_and_if.tables import Tables
    from common.clock import Clock

log = logging.getLogger(__name__)

DEFAULT_DATASET = "spot_dataset/aws"


def main() -> int:
    """Score the datasets that the arguments name."""
    chosen = _arguments()
    try:
        return _score(chosen)
    except KeyboardInterrupt:
        from common.run_log import tell

        tell("interrupted: the first score is as it was before")
        return IN_PART


def _score(chosen: argparse.Namespace) -> int:
    local = None if chosen.scheduler else _local_workers(chosen.workers)  # first: they take a moment to start

    import configs
    from collect_sps_and_if.tables import Tables
    from common.clock import Clock
    from common.run_lock import run_lock
    from common.run_log import start_log

    clock, tables = Clock.start(), Tables(configs.HOME)
    start_log(tables.log, clock.started)
    with run_lock(tables.data / "init_score.lock"):
        return _bootstrap(chosen, local or _cluster(chosen.scheduler), clock, tables)


def _bootstrap(chosen: argparse.Namespace, workers: LocalWorkers | ClusterWorkers, clock: Clock, tables: Tables) -> int:
    started = time.monotonic()
    from collect_sps_and_if.spotlake.bootstrap import summarise_all
    from collect_sps_and_if.spotlake.count.scores import scores
    from collect_sps_and_if.spotlake.find.sources import find
    from collect_sps_and_if.spotlake.find.times import between
    from collect_sps_and_if.spotlake.provenance import account, in_words, skipped_in_words
    from collect_sps_and_if.tables import SCORE
    from common import csv_file, durable_file
    from common.run_log import tell

    with workers:
        summary = summarise_all(find(chosen.datasets), between(chosen.first, chosen.last), workers, _progress)
    ranked = scores(summary)
    if not ranked:
        raise Refusal(_nothing_to_score(chosen, tables, summary))
    beside = tables.init_score.with_suffix(".json")
    for line in skipped_in_words(summary.skipped, str(beside)):
        tell(line)
    made_of = account(summary, chosen.datasets, clock.started)
    durable_file.replace(tables.init_score, csv_file.render(SCORE, map(attrgetter(*SCORE), ranked)))
    durable_file.replace(beside, made_of)
    terminal.say(f"{in_words(summary, len(ranked), time.monotonic() - started)}; see {tables.init_score}")
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


def _nothing_to_score(chosen: argparse.Namespace, tables: Tables, summary: Summary) -> str:
    from collect_sps_and_if.spotlake.provenance import skipped_in_words

    for item in summary.skipped:
        log.warning("skipped %s: %s", item.name, item.why)
    why = skipped_in_words(summary.skipped, str(tables.log))
    if len(summary.times):
        why.append("no row names a Region and an instance type")
    dates = (
        f" from {chosen.first or 'the beginning'} to {chosen.last or 'the end'}" if chosen.first or chosen.last else ""
    )
    return (
        f"no snapshot could be read in {', '.join(chosen.datasets)}{dates}; {tables.init_score} is untouched"
        f"{''.join(f'; {line}' for line in why)}. "
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
        help=f"file, folder, zip or s3:// address; default: {DEFAULT_DATASET}",
    )
    parser.add_argument("--from", dest="first", type=calendar_date, metavar="YYYY-MM-DD", help="first day (UTC)")
    parser.add_argument("--to", dest="last", type=calendar_date, metavar="YYYY-MM-DD", help="last day, included")
    parser.add_argument("--workers", type=_count, default=_cores(), metavar="N", help="processes; default: one a core")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="work on this Dask cluster instead")
    chosen = parser.parse_args()
    if chosen.first and chosen.last and chosen.first > chosen.last:
        parser.error("--from is later than --to")
    chosen.datasets = chosen.datasets or [_default_dataset()]
    return chosen


def _default_dataset() -> str:
    return DEFAULT_DATASET if Path(DEFAULT_DATASET).exists() else str(ROOT / DEFAULT_DATASET)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 1024")
    return int(text)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    leave(main)
