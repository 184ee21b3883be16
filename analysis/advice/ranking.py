"""The order of pairs, best first: what was measured on real launches goes before what AWS says of them."""

from collections.abc import Iterable
from datetime import datetime

from analysis.advice.newest_scores import RECENT
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.readiness import PERIOD

ENOUGH_PROBES = 3
"""From so many probes on, the share that got ready ranks a pair; of fewer it says too little."""

RULE = (
    f"Pairs with a placement score of the last {RECENT.total_seconds() / 3600:.0f} hours come before all others. "
    f"Among either, first those with at least {ENOUGH_PROBES} probes in the last {PERIOD.days} days, by the lower end "
    "of the 90 % interval of the share of instances that got ready, highest first; then the rest by newest placement "
    "score, highest first, then by lower interruption frequency, then by lower price. What is unknown comes last."
)
"""The order in words."""


def best_first(pairs: Iterable[PairAdvice], now: datetime) -> list[PairAdvice]:
    """Sort pairs by the rule; those that it finds equal by Region and instance type."""
    return sorted(pairs, key=lambda pair: _place(pair, now))


def _place(pair: PairAdvice, now: datetime) -> tuple[object, ...]:
    interval = pair.readiness.interval if pair.readiness.probes >= ENOUGH_PROBES else None
    return (
        not pair.is_recent(now - RECENT),
        interval is None,
        -interval[0] if interval else 0.0,
        -pair.score.score if pair.score else 0,
        _or_last(pair.interruption_frequency),
        _or_last(pair.price.usd if pair.price else None),
        pair.region,
        pair.instance,
    )


def _or_last(value: float | None) -> float:
    return float("inf") if value is None else value
