"""The order of pairs, best first."""

import itertools
from datetime import timedelta

import pytest

from analysis.advice.cheapest_zone import CurrentPrice
from analysis.advice.newest_scores import NewestScore
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.ranking import RULE, best_first
from analysis.advice.readiness import NEVER_PROBED, Readiness
from analysis.statistics.kaplan_meier import Wait
from tests.analysis.advice.small_home import NOW


def pair(
    name: str, score: int | None = None, *, hours: float = 1, band: int | None = None, usd: float | None = None,
    probes: int = 0, ready: int = 0, asked: int = 0,
) -> PairAdvice:  # fmt: skip
    waits = [Wait(100, place < ready) for place in range(asked)]
    return PairAdvice(
        "eu-west-1",
        name,
        NewestScore(score, 10, NOW - timedelta(hours=hours)) if score else None,
        band,
        price=CurrentPrice(usd, NOW) if usd is not None else None,
        readiness=Readiness(probes, waits, NOW) if probes else NEVER_PROBED,
    )


# Best first.
IN_ORDER = [
    pair("many-ready", 1, probes=30, ready=290, asked=300),
    pair("few-ready", 9, probes=3, ready=30, asked=30),  # its lower end is lower: 0.917 against 0.944
    pair("hardly-ready", 10, probes=3, ready=1, asked=30),
    pair("two-probes", 9, probes=2, ready=0, asked=20),
    pair("high-score", 8, band=4, usd=9.0),
    pair("calm", 3, band=0, usd=5.0),
    pair("cheap", 3, band=1, usd=0.01),
    pair("dear", 3, band=1, usd=0.02),
    pair("free-of-charge-unknown", 3, band=1),
    pair("frequency-unknown", 3, usd=0.001),
    pair("low-score", 1, band=0, usd=0.001),
    pair("old-but-ready", 10, hours=24.1, probes=30, ready=300, asked=300),
    pair("never-polled-but-ready", probes=30, ready=299, asked=300),
    pair("old-high", 10, hours=25),
    pair("old-low", 2, hours=1000),
    pair("never-polled", band=0, usd=0.001),
    pair("unknown"),
]


@pytest.mark.parametrize(("better", "worse"), list(itertools.pairwise(IN_ORDER)), ids=lambda one: one.instance)
def test_each_goes_before_the_next(better: PairAdvice, worse: PairAdvice) -> None:
    assert best_first([worse, better], NOW) == [better, worse]


def test_the_whole_order_is_the_same_from_any_other() -> None:
    assert best_first(sorted(IN_ORDER, key=lambda one: one.instance), NOW) == IN_ORDER


def test_what_the_rule_finds_equal_is_ordered_by_region_and_type() -> None:
    names = [found.instance for found in best_first([pair("b", 3), pair("c", 3), pair("a", 3)], NOW)]
    assert names == ["a", "b", "c"]


def test_the_rule_says_the_numbers_in_words() -> None:
    assert all(words in RULE for words in ("24 hours", "at least 3 probes", "14 days", "90 %"))
