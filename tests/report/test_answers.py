"""What the page answers first, in words: measured numbers with their age, and what was never measured as such."""

from datetime import UTC, datetime, timedelta

from analysis.advice.cheapest_zone import CurrentPrice
from analysis.advice.newest_scores import NewestScore
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.readiness import Readiness
from analysis.statistics.kaplan_meier import Wait
from report.answers import by_region, by_type, pair_cells

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def probed(*seconds: float, timeouts: int = 0) -> Readiness:
    waits = [*(Wait(second, True) for second in seconds), *[Wait(600, False)] * timeouts]
    return Readiness(probes=2, waits=waits, last_probe=NOW - timedelta(hours=3))


MEASURED = PairAdvice(
    "us-east-1",
    "m5.large",
    score=NewestScore(3, 10, NOW - timedelta(minutes=9)),
    interruption_frequency=1,
    savings=62,
    price=CurrentPrice(0.0371, NOW - timedelta(hours=5)),
    readiness=probed(90, 100, 110, timeouts=1),
)


def test_every_measured_number_is_told_with_its_age() -> None:
    assert [(cell.text, cell.detail) for cell in pair_cells(MEASURED, NOW)] == [
        ("m5.large", "us-east-1"),
        ("3", "9 min ago, for 10"),
        ("75 % (36–94)", "3 of 4 in 2 probes, last 3 h ago"),
        ("100 s", ""),
        ("never", ""),
        ("0.0371", "since 5 h ago, 62 % saved"),
        ("5–10 %", "a month"),
    ]


def test_what_was_never_measured_is_no_low_number() -> None:
    texts = [cell.text for cell in pair_cells(PairAdvice("us-east-1", "m5.large"), NOW)]
    assert texts == ["m5.large", "never measured", "never measured", "–", "–", "unknown", "unknown"]


def test_types_and_regions_are_joined_over_the_instances_asked_for_quickest_first() -> None:
    measured = {
        ("us-east-1", "m5.large"): probed(200, 210),
        ("eu-west-1", "m5.large"): probed(10, timeouts=5),
        ("us-east-1", "c5.large"): probed(30, 40),
    }
    types, total = by_type(measured, NOW)
    assert [(row.name, row.half, row.most, row.asked) for row in types] == [
        ("c5.large", "30 s", "40 s", "2"),
        ("m5.large", "never", "never", "8"),
    ]
    assert total == 2
    assert [row.name for row in by_region(measured, NOW)[0]] == ["us-east-1", "eu-west-1"]
