"""The limit on placement-score configurations, against a plain reading of AWS's rule."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from local_aws.state.configuration_limit import Configuration, ConfigurationLimit

START = datetime(2026, 3, 1, tzinfo=UTC)

SECOND = timedelta(seconds=1)
PAUSES = st.sampled_from([timedelta(hours=hours) for hours in (0, 1, 8, 12, 23, 24, 25)]).flatmap(
    lambda pause: st.sampled_from([pause, pause + SECOND, max(pause - SECOND, timedelta(0))])
)


def _configuration(number: int) -> Configuration:
    return Configuration(frozenset({f"m{number}.large"}), 10, "units", frozenset({"us-east-1"}), False)


def _is_allowed(history: list[tuple[int, datetime]], number: int, now: datetime, limit: int) -> bool:
    """Apply the rule as documented: what counts are the allowed uses of the last 24 hours."""
    recent = {used for used, at in history if now - at < timedelta(hours=24)}
    return number in recent or len(recent) < limit


@given(
    st.integers(0, 5),
    st.lists(st.tuples(st.integers(0, 8), PAUSES), max_size=60),
)
def test_it_decides_as_a_plain_reading_of_the_rule(limit: int, uses: list[tuple[int, timedelta]]) -> None:
    configurations = ConfigurationLimit()
    configurations.limit = limit
    history: list[tuple[int, datetime]] = []
    now = START
    for number, pause in uses:
        now += pause
        expected = _is_allowed(history, number, now, limit)
        assert configurations.use("1", "us-east-1", _configuration(number), now) == expected
        if expected:
            history.append((number, now))


def test_accounts_and_endpoint_regions_have_limits_of_their_own() -> None:
    limit = ConfigurationLimit()
    limit.limit = 1
    assert limit.use("1", "us-east-1", _configuration(1), START)
    assert not limit.use("1", "us-east-1", _configuration(2), START)
    assert limit.use("1", "us-west-2", _configuration(2), START)
    assert limit.use("2", "us-east-1", _configuration(2), START)


def test_configurations_used_by_another_program_of_the_account_count_too() -> None:
    limit = ConfigurationLimit()
    assert limit.use("1", "us-east-1", _configuration(0), START)
    limit.use_by_others("1", "us-east-1", 48, START)
    assert limit.use("1", "us-east-1", _configuration(1), START)
    assert not limit.use("1", "us-east-1", _configuration(2), START)
    assert limit.use("1", "us-east-1", _configuration(0), START)
