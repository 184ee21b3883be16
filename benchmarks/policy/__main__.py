"""What share of a market's changes does a plan see, and how right are the estimates made of it?

Replays the product's own planning over the local AWS's market and a made-up one with heavier tails and restless spells.
Every day a policy plans with what it polled before; its share is that of all the market's changes of the day that fell
on polled pairs. No two days may ask more than the limit of 50 configurations. Beside the defaults stand other settings,
a plan drawn at random, a bootstrap that is right and one that is noise, and an oracle that knows the day. The yardstick
is 10 on top and 20 sampled, ranked by the newest score alone. Leaves with 1 if a target is missed.

    python -m benchmarks.policy [--days 45] [--seeds 3]
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from benchmarks.policy.bootstraps import noise_of, right_one
from benchmarks.policy.figures import BREADTH_DAYS, Figures, figures, together
from benchmarks.policy.local_market import local_market
from benchmarks.policy.markets import Market, restless_market
from benchmarks.policy.replay import LIMIT, WARM_UP, Expect, Policy, by_newest_score, knowing, replay
from collect_sps_and_if.planning.expected_changes import expected_changes
from data_files.market.scores import Score

FIRST_DAY = date(2026, 3, 1)
MARKETS: Mapping[str, Callable[[int, int], Market]] = {
    "the local AWS's market": lambda seed, days: local_market(seed, FIRST_DAY, days),
    "a made-up market with heavier tails and restless spells": restless_market,
}
RIGHT, NOISE = "bootstrap", "bootstrap of noise"
YARDSTICK = "10/20, by the newest score"


@dataclass(frozen=True)
class Compared:
    """A policy under a name, the bootstrap it has, and the least it must see, as a multiple of the yardstick."""

    name: str
    top: int
    sample: int
    bootstrap: str = ""
    expect: Expect = expected_changes
    target: float = 0.0


POLICIES = (
    Compared(YARDSTICK, 10, 20, expect=by_newest_score),
    Compared("25 at random", 0, 25),
    Compared("10/20", 10, 20),
    Compared("30/10, by the newest score", 30, 10, expect=by_newest_score),
    Compared("30/10", 30, 10, target=1.5),
    Compared("40/5", 40, 5),
    Compared("10/20, bootstrap", 10, 20, RIGHT),
    Compared("30/10, bootstrap, by the newest score", 30, 10, RIGHT, by_newest_score),
    Compared("30/10, bootstrap", 30, 10, RIGHT, target=2.3),
    Compared("40/5, bootstrap", 40, 5, RIGHT),
    Compared("30/10, bootstrap of noise", 30, 10, NOISE, target=1.5),
)
ORACLE = "knows the day"


def main() -> int:
    """Replay every policy over both markets, and print what came of it."""
    arguments = _arguments()
    missed = []
    for name, make in MARKETS.items():
        markets = [make(seed, WARM_UP + arguments.days) for seed in range(1, arguments.seeds + 1)]
        changes = sum(float(market.changes.mean()) for market in markets) / len(markets)
        print(f"{name}: {arguments.seeds} × {arguments.days} days, {changes:.1f} changes a pair and day")
        found = replayed(markets)
        for line in _lines(found):
            print(line, flush=True)
        missed += [one.name for one in POLICIES if _ratio(found[one.name], found[YARDSTICK]) < one.target]
    print(f"targets missed: {', '.join(missed)}" if missed else "all targets met")
    return 1 if missed else 0


def replayed(markets: Sequence[Market]) -> Mapping[str, list[Figures]]:
    """Replay every policy over some markets; give the figures of each. Raises TooMany for a plan past the limit."""
    found: dict[str, list[Figures]] = {name: [] for name in (*(one.name for one in POLICIES), ORACLE)}
    for seed, market in enumerate(markets):
        right = right_one(market)
        bootstraps: dict[str, list[Score]] = {"": [], RIGHT: right, NOISE: noise_of(right, Random(seed))}
        for one in POLICIES:
            policy = Policy(one.top, one.sample, one.expect)
            found[one.name].append(figures(list(replay(market, policy, bootstraps[one.bootstrap], Random(seed)))))
        oracle = Policy(LIMIT - 10, 0, knowing(market))
        found[ORACLE].append(figures(list(replay(market, oracle, [], Random(seed)))))
    return found


def _lines(found: Mapping[str, list[Figures]]) -> Iterator[str]:
    breadth = f"pairs in {BREADTH_DAYS} d"
    yield (
        f"  {'top/sample':40} {'changes seen':>14} {'× yardstick (seeds)':>20} {breadth:>13}"
        f" {'sampled':>8} {'estimate, spread of a day':>28} {'sample alone':>13}"
    )
    for name, of_seeds in found.items():
        all_days = together(of_seeds)
        ratios = [_ratio([one], [base]) for one, base in zip(of_seeds, found[YARDSTICK], strict=True)]
        yield (
            f"  {name:40} {100 * all_days.shares.mean():6.1f} % ±{100 * all_days.shares.std():4.1f}"
            f" {_ratio(of_seeds, found[YARDSTICK]):7.2f} ({min(ratios):.2f} – {max(ratios):.2f})"
            f" {100 * all_days.breadth:11.0f} % {all_days.samples.mean():8.1f}"
            f" {_estimated(all_days):>28} {_alone(all_days):>13}"
        )


def _estimated(found: Figures) -> str:
    if not found.samples.any():
        return ""
    return f"{found.estimates.mean():.3f} ±{found.bias_error:.3f}, ±{found.estimates.std():.2f}"


def _alone(found: Figures) -> str:
    return f"{found.by_sample_alone.mean():.2f}" if found.samples.any() else ""


def _ratio(found: Sequence[Figures], yardstick: Sequence[Figures]) -> float:
    return float(together(found).shares.mean() / together(yardstick).shares.mean())


def _arguments() -> argparse.Namespace:
    description, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        "python -m benchmarks.policy",
        description=description,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--days", type=int, default=45, help=f"after {WARM_UP} of which the bootstrap is (default: 45)")
    parser.add_argument("--seeds", type=int, default=3, help="of each market (default: 3)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
