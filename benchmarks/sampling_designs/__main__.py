"""Does it pay to draw one probe in three at random? A month of probes by two designs, and a model fitted on each.

Collects a month in the local AWS's market (in simulated time, no server), by the product's own plans and scores: with
LAUNCH_TOP_K=3, and with LAUNCH_TOP_K=2 and LAUNCH_SAMPLE_COUNT=1; as many probes, at the same times, all over the day.
The example model is fitted on each and judged on pairs drawn evenly from all that are offered, in the week after.
Prints Brier score of the ready share and CRPS, and the ratio; leaves with 1 if that is above the target. Beside it
stands the ratio of what is above the market's own chance, which no model can be better than.

    python -m benchmarks.sampling_designs --seeds 1 2 [--former-plans]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import configs
from benchmarks.policy.replay import LIMIT, by_newest_score
from benchmarks.sampling_designs import judging
from benchmarks.sampling_designs.collection import Collection
from benchmarks.sampling_designs.designs import judged_on, runs_of
from benchmarks.sampling_designs.judging import chance_of, judge, read_table
from benchmarks.sampling_designs.observed_market import ObservedMarket
from benchmarks.sampling_designs.probing import Asked, record
from collect_sps_and_if.planning.policy import PlanSettings
from data_files.launches import instances, looks, probes

ROOT = Path(__file__).resolve().parents[2]
FIRST_DAY = date(2026, 3, 1)
WARM_UP_DAYS = 7  # polled and planned, so that the top is one; not probed
JUDGED_DAYS = 7
TARGET = 0.6
FORMER_SETTINGS = PlanSettings(10, 20, LIMIT, configs.INSTANCE_COUNT)


def main() -> int:
    """Measure each seed's market, and print what came of it."""
    arguments = _arguments()
    is_met = True
    for seed in arguments.seeds:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="sampling_designs_") as folder:
            ratio = _measure(seed, arguments, Path(folder))
        print(f"  {time.monotonic() - started:.0f} s", flush=True)
        is_met = is_met and ratio <= TARGET
    return 0 if is_met else 1


def _measure(seed: int, arguments: argparse.Namespace, home: Path) -> float:
    random = Random(seed)
    collection = Collection(home, ObservedMarket(seed), seed, timedelta(minutes=arguments.poll_minutes))
    if arguments.former_plans:
        collection.expect, collection.settings = by_newest_score, FORMER_SETTINGS
    top_only: list[Asked] = []
    mixed: list[Asked] = []
    for number in range(-WARM_UP_DAYS, arguments.days):
        day = FIRST_DAY + timedelta(days=number)
        collection.plan(day)
        if number >= 0:
            for run in runs_of(home, day, arguments.runs, collection.observed.offers, random):
                top_only += run.top_only
                mixed += run.mixed
        collection.finish(day)
    judged: list[Asked] = []
    to_judge = Random(1000 + seed)  # its own: the same pairs at the same times, whatever the plans
    for number in range(JUDGED_DAYS):
        day = FIRST_DAY + timedelta(days=arguments.days + number)
        asked = judged_on(day, arguments.judged // JUDGED_DAYS, collection.observed.pairs, to_judge)
        # Polled from midnight on, as a pair of a day's sample is.
        collection.poll(day, [each.pair for each in asked], {each.pair: each.at for each in asked})
        judged += asked
    _write_probes(collection, {each.key: each for each in (*top_only, *mixed, *judged)}.values())
    table = read_table(_table(home))
    of_judged = [each.key for each in judged]
    by_top, by_mixed = (judge(table, [each.key for each in design], of_judged) for design in (top_only, mixed))
    ratio = by_mixed.model.brier / by_top.model.brier
    print(f"seed {seed}, {len(top_only)} and {len(mixed)} probes, judged on {len(judged)} of random pairs:")
    for name, found in (("top only", by_top), ("mixed", by_mixed)):
        print(f"  {name}: model {found.model}; average curve {found.average_curve}")
    chance = chance_of(collection.observed, judged)
    above = (by_mixed.model.brier - chance) / (by_top.model.brier - chance)
    print(f"  ratio of the models' Brier scores: {ratio:.2f} (target: {TARGET})")
    print(f"  the market's own chance: Brier score {chance:.4f}; ratio of what is above it: {above:.2f}")
    return ratio


def _write_probes(collection: Collection, asked: Iterable[Asked]) -> None:
    by_day: dict[date, list[Asked]] = {}
    for each in asked:
        by_day.setdefault(each.at.date(), []).append(each)
    number = 0
    for day, of_day in sorted(by_day.items()):
        recorded = []
        for each in of_day:
            number += 1
            recorded.append(record(collection.observed, each, number))
        home = collection.home
        looks.FILES.append(looks.FILES.path(home, day), [look for one in recorded for look in one.looks])
        instances.FILES.append(instances.FILES.path(home, day), [row for one in recorded for row in one.instances])
        probes.FILES.append(probes.FILES.path(home, day), [one.probe for one in recorded])


def _table(home: Path) -> Path:
    path = home / "table.parquet"
    subprocess.run(
        [sys.executable, "-m", "collect_launch_time.dataset", judging.TABLE, str(path)],
        cwd=ROOT,
        env=os.environ | {"SPOT_HOME": str(home), "TZ": "UTC"},
        check=True,
    )
    return path


def _arguments() -> argparse.Namespace:
    description, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        "python -m benchmarks.sampling_designs",
        description=description,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2], help="of the markets (default: 1 2)")
    parser.add_argument("--days", type=int, default=31, help="of probes (default: 31)")
    parser.add_argument("--poll-minutes", type=int, default=30, help="between two polls; cron's are 10 (default: 30)")
    parser.add_argument("--former-plans", action="store_true", help="10 on top, 20 sampled, by the newest score alone")
    parser.add_argument("--runs", type=int, default=16, help="a day, of three probes each (default: 16)")
    parser.add_argument("--judged", type=int, default=1500, help="random pairs that the models are judged on")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
