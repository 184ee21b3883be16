"""The table for people: 80 columns, ages in words, and words where nothing was measured."""

from dataclasses import replace
from datetime import timedelta

from advise.table import advice_table
from analysis.advice.cheapest_zone import CurrentPrice
from analysis.advice.newest_scores import NewestScore
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.readiness import Readiness
from analysis.standing.pair_standing import StandingScore
from analysis.statistics.kaplan_meier import Wait
from tests.analysis.advice.small_home import NOW

MEASURED = PairAdvice(
    "ap-northeast-1",
    "c7g.2xlarge",
    NewestScore(3, 10, NOW - timedelta(minutes=12)),
    0,
    70,
    CurrentPrice(0.04121, NOW),
    Readiness(12, [Wait(132.4, place < 100) for place in range(120)], NOW - timedelta(hours=2)),
)
UNMEASURED = PairAdvice("us-east-1", "m5.large")


def test_each_number_has_its_unit_and_its_age() -> None:
    text = advice_table([MEASURED, UNMEASURED], 412, NOW)
    assert text.splitlines()[:6] == [
        "Where to launch now, best first: 2 of 412 pairs",
        "",
        "instance type  Region          AWS's score     interr.  USD/h    ready",
        "c7g.2xlarge    ap-northeast-1  3, 12 min ago   <5 %     0.0412   83 % (77–88)",
        "  of 120 in 12 probes, last 2 h ago: half in 132 s, 90 % never",
        "m5.large       us-east-1       never measured  unknown  unknown  never measured",
    ]


def test_types_that_were_never_polled_are_told_how_they_would_be() -> None:
    assert "Without a score: m5.large; WATCH_TYPES" in advice_table([MEASURED, UNMEASURED], 2, NOW)
    assert "WATCH_TYPES" not in advice_table([MEASURED], 1, NOW)


def test_the_longest_of_everything_fits_80_columns() -> None:
    longest = PairAdvice(
        "ap-northeast-3",
        "c7i-flex.4xlarge",
        NewestScore(10, 10, NOW - timedelta(minutes=119)),
        3,
        70,
        CurrentPrice(123.45678, NOW),
        Readiness(2016, [Wait(1234, place % 10_000 != 1) for place in range(20_160)], NOW - timedelta(minutes=119)),
    )
    text = advice_table([longest, UNMEASURED], 12_345, NOW)
    assert "123.456" in text
    assert max(map(len, text.splitlines())) <= 80


def test_no_line_ends_in_blanks() -> None:
    assert all(line == line.rstrip() for line in advice_table([MEASURED, UNMEASURED], 2, NOW).splitlines())


def standing(name: str, score: int, az: str | None = None, types: int = 1) -> StandingScore:
    return StandingScore(name, ("m5.large",) * types, 50, az, score, NOW - timedelta(minutes=12))


def test_what_standing_queries_say_of_a_pair_stands_below_it_each_on_a_line() -> None:
    scores = [standing("pool", 9, types=3), *(standing("zones", 4 - place, f"use1-az{place}") for place in range(1, 5))]
    text = advice_table([replace(UNMEASURED, standing=scores), MEASURED], 2, NOW)
    assert text.splitlines()[4:6] == [
        "  standing query pool: 9 for 50 instances of 3 types, 12 min ago",
        "  standing query zones: use1-az1 3 use1-az2 2 use1-az3 1 and 1 more for 50",
    ]
    assert text.splitlines()[6] == "    instances, 12 min ago"
    assert "standing_queries.csv, answered in the last 24 hours" in text
    assert "standing" not in advice_table([MEASURED], 1, NOW)


def test_many_standing_queries_with_long_names_fit_80_columns_and_the_rest_is_counted() -> None:
    scores = [standing(f"{number}" + "n" * 63, 3, types=12) for number in range(5)]
    text = advice_table([replace(UNMEASURED, standing=scores)], 1, NOW)
    assert max(map(len, text.splitlines())) <= 80
    assert "  and 2 more standing queries: --json" in text.splitlines()
