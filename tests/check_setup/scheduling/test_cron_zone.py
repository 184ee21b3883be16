"""cron's zone, the zone of its programs and the zone of who looks are told apart."""

import zoneinfo
from datetime import UTC, datetime
from pathlib import Path

import pytest

from check_setup.finding import State
from check_setup.scheduling import cron_zone
from check_setup.scheduling.cron_zone import check_zone

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def berlin() -> Path:
    path = Path("/usr/share/zoneinfo/Europe/Berlin")
    if not path.exists():
        pytest.skip("no time zones on this machine")
    return path


@pytest.mark.parametrize(
    ("crontab", "environment", "state", "told"),
    [
        ({}, {}, State.FINE, "Europe/Berlin, as here"),
        ({"TZ": "Europe/Paris", "CRON_TZ": "Europe/Paris"}, {}, State.FINE, ""),  # another name, the same time
        ({"CRON_TZ": "UTC"}, {}, State.TO_DO, "cron starts by UTC, the programs date their files by Europe/Berlin"),
        ({"TZ": "UTC"}, {}, State.TO_DO, "cron starts by Europe/Berlin, the programs date their files by UTC"),
        ({"TZ": "Africa/Lagos"}, {}, State.TO_DO, "Africa/Lagos"),  # in winter only it has Berlin's time
        ({}, {"TZ": "Asia/Tokyo"}, State.TO_DO, "what you start here by Asia/Tokyo"),
        ({"CRON_TZ": "Asia/Tokyo", "TZ": "Asia/Tokyo"}, {"TZ": ":Asia/Tokyo"}, State.FINE, "Asia/Tokyo"),
        ({"TZ": "Europe/Berln"}, {}, State.TO_DO, "Europe/Berln is no time zone"),
        ({"TZ": "../etc"}, {}, State.TO_DO, "is no time zone"),
    ],
)
def test_a_zone_that_is_not_the_files_is_something_to_do(
    berlin: Path,
    monkeypatch: pytest.MonkeyPatch,
    crontab: dict[str, str],
    environment: dict[str, str],
    state: State,
    told: str,
) -> None:
    monkeypatch.setattr(cron_zone, "honours_cron_tz", lambda: True)
    (found,) = check_zone(crontab, environment, NOW, berlin)
    assert found.state is state
    assert told in found.text


def test_a_cron_that_overlooks_cron_tz_goes_by_the_machines_zone(berlin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cron_zone, "honours_cron_tz", lambda: False)
    (found,) = check_zone({"CRON_TZ": "UTC", "TZ": "UTC"}, {}, NOW, berlin)
    assert found.state is State.TO_DO
    assert "cron starts by Europe/Berlin" in found.text


def test_a_machine_without_any_zones_is_in_utc(tmp_path: Path) -> None:
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        (found,) = check_zone({}, {"TZ": "UTC"}, NOW, tmp_path / "localtime")
    finally:
        zoneinfo.reset_tzpath()
    assert found.state is State.FINE
