"""The best pairs to launch in now, each in a few words: what was measured of it, and how old that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.advice.pair_advice import PairAdvice
from analysis.advice.ranking import ENOUGH_PROBES
from common.counted import ago
from data_files.cells import INTERRUPTION_RANGES

_FRESH = timedelta(minutes=25)  # a score of the last two polls needs no age beside it


@dataclass(frozen=True)
class ShownPair:
    """A pair in words: its price for the margin, all else in one line."""

    instance: str
    region: str
    price: str
    measured: str


def shown_pairs(best: Sequence[PairAdvice], now: datetime, count: int) -> list[ShownPair]:
    """Give the first pairs in words."""
    return [
        ShownPair(
            pair.instance,
            pair.region,
            f"${pair.price.usd:.4f}/h" if pair.price else "price unknown",
            " · ".join(_measured(pair, now)),
        )
        for pair in best[:count]
    ]


def best_in_short(pair: PairAdvice) -> str:
    """Say a pair with the one number that ranks it, for a subject line."""
    share = pair.readiness.share
    if share is not None and pair.readiness.probes >= ENOUGH_PROBES:
        return f"{pair.instance} in {pair.region}, {100 * share:.0f} % got ready"
    return f"{pair.instance} in {pair.region}" + (f", score {pair.score.score}" if pair.score else "")


def _measured(pair: PairAdvice, now: datetime) -> Iterator[str]:
    if pair.score:
        age = now - pair.score.time
        yield f"score {pair.score.score}" + (f" ({ago(age.total_seconds())})" if age > _FRESH else "")
    else:
        yield "no score"
    if pair.interruption_frequency is not None:
        yield f"{INTERRUPTION_RANGES[pair.interruption_frequency]} interrupted"
    readiness = pair.readiness
    if readiness.asked:
        half = readiness.seconds_to(0.5)
        yield f"{readiness.ready} of {readiness.asked} got ready" + ("" if half is None else f", half in {half:.0f} s")
    else:
        yield "never measured"
