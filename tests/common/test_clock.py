import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from common.clock import Clock, iso, parse_iso
from common.errors import Refusal
from tests.time_zone import in_zone


@pytest.fixture
def _vienna() -> Iterator[None]:
    with in_zone("Europe/Vienna"):
        yield


@pytest.mark.usefixtures("_vienna")
@pytest.mark.parametrize(
    ("spot_now", "started"),
    [
        ("2026-01-15T12:00:00", "2026-01-15T12:00:00+01:00"),
        ("2026-07-15T12:00:00", "2026-07-15T12:00:00+02:00"),
        ("2026-07-15T12:00:00+00:00", "2026-07-15T14:00:00+02:00"),
        ("2026-07-15T12:00:00Z", "2026-07-15T14:00:00+02:00"),
        ("2026-07-15", "2026-07-15T00:00:00+02:00"),
    ],
)
def test_spot_now_is_local_time_unless_it_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, spot_now: str, started: str
) -> None:
    monkeypatch.setenv("SPOT_NOW", spot_now)
    assert iso(Clock.start().started) == started


@pytest.mark.usefixtures("_vienna")
def test_the_offset_follows_a_change_to_summer_time_in_the_middle_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOT_NOW", "2026-03-29T01:59:59.500")
    clock = Clock.start()
    monkeypatch.setattr("common.clock.steady_seconds", lambda: clock.started_monotonic + 1)
    assert iso(clock.now()) == "2026-03-29T03:00:00.500+02:00"


def test_goes_on_steadily_whatever_the_wall_clock_does(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock.start()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert timedelta(0) <= clock.now() - clock.started < timedelta(minutes=1)


def test_the_time_that_the_machine_slept_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slept, read = Clock.start(), 3600, time.clock_gettime
    # Suspended, Linux lets its boot-time clock go on, and its monotonic one stand still.
    boot_time = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    monkeypatch.setattr(time, "clock_gettime", lambda which: read(which) + (slept if which == boot_time else 0))
    assert timedelta(hours=1) <= clock.now() - clock.started < timedelta(hours=1, minutes=1)
    assert 3600 <= clock.seconds_passed() < 3660


@pytest.mark.parametrize("nonsense", ["yesterday", "2026-13-01", "12:00", "99999-01-01"])
def test_nonsense_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    monkeypatch.setenv("SPOT_NOW", nonsense)
    with pytest.raises(Refusal, match=f"SPOT_NOW='{nonsense}'"):
        Clock.start()


def test_a_written_time_is_read_back() -> None:
    moment = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)
    assert parse_iso(iso(moment)) == moment
    assert parse_iso("2026-03-01T12:30:15") is None
    assert parse_iso("soon") is None
