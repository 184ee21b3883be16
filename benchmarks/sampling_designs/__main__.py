"""Does it pay to draw one probe in three at random? A month of probes by several designs, and a model fitted on each.

Collects a month in the local AWS's market (in simulated time, no server), by the product's own plans and scores: with
LAUNCH_TOP_K=3, and with one, two or all three of a run's probes drawn from the day's sample (LAUNCH_SAMPLE_COUNT); as
many probes, at the same times, all over the day. With --former besides as before any were drawn: planned by the newest
score alone, the same three pairs all day, in its first six hours. The example model is fitted on each and judged on
pairs drawn evenly from all that are offered, in the week after. Prints Brier score of the ready share and CRPS, and
what the design with one drawn has of each; leaves with 1 if it has more than the target of the top's alone. Beside it
stands the ratio of what is above the market's own chance, which no model can be better than.

    python -m benchmarks.sampling_designs --seeds 1 2 3 [--former]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

import pandas as pd

import configs
from benchmarks.policy.replay import LIMIT, by_newest_score
from benchmarks.sampling_designs import judging
from benchmarks.sampling_designs.collection import Collection
from benchmarks.sampling_designs.designs import PROBES_A_RUN, former_probes, judged_on, runs_of
from benchmarks.sampling_designs.judging import chance_of, judge, read_table, rows_of
from benchmarks.sampling_designs.observed_market import ObservedMarket
from benchmarks.sampling_designs.probing import Asked, record
from collect_sps_and_if.planning.policy import PlanSettings
from data_files.launches import instances, looks, probes
from examples.readiness_curves import average_curve

ROOT = Path(__file__).resolve().parents[2]
FIRST_DAY = date(2026, 3, 1)
WARM_UP_DAYS = 7  # polled and planned, so that the top is one; not probed
JUDGED_DAYS = 7
TARGET = 0.6
Probes = TypeVar("Probes")
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
    """Give the ratio of the Brier scores with one probe in three drawn, and with none."""
    observed, random = ObservedMarket(seed), Random(seed)
    interval = timedelta(minutes=arguments.poll_minutes)
    now = Collection(home / "now", observed, seed, interval)
    runs = _month(now, arguments.days, lambda day: runs_of(now.home, day, arguments.runs, observed.offers, random))
    judged = _judged(now, arguments, Random(1000 + seed))  # the same pairs at the same times, whatever the plans
    designs = {_name(drawn): [asked for run in runs for asked in run.mixed(drawn)] for drawn in range(PROBES_A_RUN + 1)}
    table = _table(now, [*(asked for run in runs for asked in (*run.top, *run.drawn)), *judged])
    unseen = rows_of(table, judged)
    fitted_on = {name: rows_of(table, design) for name, design in designs.items()}
    if arguments.former:
        former = Collection(home / "former", observed, seed, interval, by_newest_score, FORMER_SETTINGS)
        random.seed(seed)
        asked = _month(former, arguments.days, lambda day: former_probes(former.home, day, arguments.runs, random))
        fitted_on["as before any were drawn"] = _table(former, asked)
    chance = chance_of(observed, judged)
    print(f"seed {seed}, {len(designs[_name(0)])} probes a design, judged on {len(judged)} of random pairs:")
    found = {name: judge(known, unseen) for name, known in fitted_on.items()}
    ours = found[_name(1)]
    print(f"  average curve of {_name(1)}: {judge(fitted_on[_name(1)], unseen, average_curve)}")
    print(f"  the market's own chance: Brier score {chance:.4f}")
    for name, one in found.items():
        ratio, above = ours.brier / one.brier, (ours.brier - chance) / (one.brier - chance)
        print(f"  {name}: {one}; {_name(1)} has {ratio:.2f} of it, and {above:.2f} of what is above chance")
    return ours.brier / found[_name(0)].brier


def _name(drawn: int) -> str:
    return f"{drawn} of {PROBES_A_RUN} drawn"


def _month(collection: Collection, days: int, probe: Callable[[date], Iterable[Probes]]) -> list[Probes]:
    """Plan, probe and poll day after day."""
    found: list[Probes] = []
    for number in range(-WARM_UP_DAYS, days):
        day = FIRST_DAY + timedelta(days=number)
        collection.plan(day)
        if number >= 0:
            found += probe(day)
        collection.finish(day)
    return found


def _judged(collection: Collection, arguments: argparse.Namespace, random: Random) -> list[Asked]:
    """Give the probes of the days after the month that all are judged on."""
    judged: list[Asked] = []
    for number in range(JUDGED_DAYS):
        day = FIRST_DAY + timedelta(days=arguments.days + number)
        asked = judged_on(day, arguments.judged // JUDGED_DAYS, collection.observed.pairs, random)
        # Polled from midnight on, as a pair of a day's sample is.
        collection.poll(day, [each.pair for each in asked], {each.pair: each.at for each in asked})
        judged += asked
    return judged


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


def _table(collection: Collection, asked: Iterable[Asked]) -> pd.DataFrame:
    """Make the probes, and give the product's table of them."""
    _write_probes(collection, asked)
    path = collection.home / "table.parquet"
    subprocess.run(
        [sys.executable, "-m", "collect_launch_time.dataset", judging.TABLE, str(path)],
        cwd=ROOT,
        env=os.environ | {"SPOT_HOME": str(collection.home), "TZ": "UTC"},
        check=True,
    )
    return read_table(path)


def _arguments() -> argparse.Namespace:
    description, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        "python -m benchmarks.sampling_designs",
        description=description,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="of the markets (default: 1 2 3)")
    parser.add_argument("--days", type=int, default=31, help="of probes (default: 31)")
    parser.add_argument("--poll-minutes", type=int, default=30, help="between two polls; cron's are 10 (default: 30)")
    parser.add_argument("--former", action="store_true", help="probe a month as before any were drawn, too")
    parser.add_argument("--runs", type=int, default=16, help="a day, of three probes each (default: 16)")
    parser.add_argument("--judged", type=int, default=1500, help="random pairs that the models are judged on")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
