"""What of the quota is left for what, beside watched types and standing queries."""

import pytest

from check_setup.finding import State
from check_setup.score_quota import shares
from collect_sps_and_if.planning.policy import PlanSettings
from data_files.market.configurations import Configuration
from data_files.market.standing_queries import StandingQueries, WrongLine


def settings(watch: int = 0, standing: int = 0, top: int = 30, sample: int = 10) -> PlanSettings:
    types = tuple(f"m{number}.large" for number in range(watch))
    queries = tuple(Configuration(f"c{number}.large", ("us-east-1",), 10) for number in range(standing))
    return PlanSettings(top, sample, 50, 10, types, queries)


def test_as_shipped_there_is_nothing_to_tell() -> None:
    assert list(shares(settings(), StandingQueries())) == []


def test_what_watched_types_and_standing_queries_leave_is_told() -> None:
    (finding,) = shares(settings(watch=3, standing=5), StandingQueries())
    assert finding.state == State.FINE
    assert "WATCH_TYPES take 3 and standing queries 5 of 50 places, 42 are left" in finding.text
    assert "27 types carried over (of 30 set) and some 7 sampled each day (of 10)" in finding.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (settings(standing=60), "the last 10 of them wait all day"),
        (settings(standing=49), "too few are left for a sample each day"),
        (settings(top=40), "SPS_AND_IF_TOP_K + 2 x SAMPLE_COUNT is 60, past the limit of 50"),
    ],
)
def test_what_the_quota_cannot_hold_is_to_do(asked: PlanSettings, said: str) -> None:
    first = next(shares(asked, StandingQueries()))
    assert first.state == State.TO_DO
    assert said in first.text


def test_lines_that_cannot_be_right_are_to_do() -> None:
    (finding,) = shares(settings(), StandingQueries(wrong=[WrongLine(3, "scope: 'far' is none of region, zone")]))
    assert finding.state == State.TO_DO
    assert "standing_queries.csv, line 3: scope: 'far'" in finding.text
