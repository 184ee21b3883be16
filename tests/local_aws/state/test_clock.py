"""The market's clock: stopped, set, and faster than real time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from local_aws.state.clock import MarketClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_clock_can_be_stopped_set_and_reset() -> None:
    clock = MarketClock(NOON, speed=0)
    assert clock.now() == NOON
    clock.set(datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=9))))
    assert clock.now() == NOON - timedelta(hours=9)
    clock.reset()
    assert clock.now() == NOON


def test_a_new_speed_counts_from_now_on() -> None:
    clock = MarketClock(NOON, speed=0)
    clock.speed = 1_000_000
    assert clock.now() > NOON
    clock.speed = 0
    stopped = clock.now()
    assert stopped == clock.now()


@pytest.mark.parametrize("speed", [-1.0, 1_000_001.0, float("nan")])
def test_a_speed_out_of_range_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="run at"):
        MarketClock(NOON).speed = speed


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        MarketClock(NOON).set(datetime(2026, 3, 1))  # noqa: DTZ001 - it has no offset on purpose
