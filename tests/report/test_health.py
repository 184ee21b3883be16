"""Quota, spending and probes that were never ended."""

from datetime import date, datetime, timedelta
from pathlib import Path

from collect_launch_time.tables import SPENDING

from common.clock import iso
from report.health import Health, Limits, configurations_used, open_probes, spent
from report.polls import Polls
from tests.report.sheets import sheet_of

NOW = datetime.fromisoformat("2026-03-01T12:00:00+09:00")


def use(hours_ago: float, instance: str = "m5.large", endpoint: str = "us-east-1") -> dict[str, str]:
    time = iso(NOW - timedelta(hours=hours_ago))
    return {
        "time": time,
        "endpoint_region": endpoint,
        "instance": instance,
        "regions": "us-east-1",
        "target_capacity": "1",
    }


def test_a_configuration_used_often_takes_one_place() -> None:
    assert configurations_used([use(1), use(2), use(3, "c5.large")], NOW) == {"us-east-1": 2}


def test_what_was_used_a_day_ago_takes_none() -> None:
    assert configurations_used([use(24), use(23.9, "c5.large")], NOW) == {"us-east-1": 1}


def test_every_endpoint_has_its_own_quota() -> None:
    assert configurations_used([use(1), use(1, endpoint="us-west-2")], NOW) == {"us-east-1": 1, "us-west-2": 1}


def event(name: str, minutes_ago: int, token: str = "one") -> dict[str, str]:
    time = iso(NOW - timedelta(minutes=minutes_ago))
    return {"time": time, "event": name, "client_token": token, "region": "us-east-1", "instance": "m5.large"}


def test_a_probe_closed_in_the_journal_is_over() -> None:
    assert open_probes([event("intended", 60), event("requested", 60), event("closed", 50)], NOW, 600) == []


def test_a_probe_never_closed_is_open_once_its_time_is_over() -> None:
    rows = [event("intended", 60), event("intended", 15, "two")]
    assert [probe.time for probe in open_probes(rows, NOW, 600)] == [NOW - timedelta(minutes=60)]


def test_spending_is_summed_without_rows_that_make_no_sense(tmp_path: Path) -> None:
    rows = [("t", "us-east-1", "m5.large", 1, 60, usd) for usd in (0.5, 0.25, "much", -1)]
    assert spent(sheet_of(tmp_path, SPENDING, rows)) == 0.75


def test_spending_of_thirty_days_ends_today() -> None:
    health = Health(NOW, Limits(50, 5.0, 600), Polls())
    health.spending = {date(2026, 3, 1): 1.0, date(2026, 1, 31): 2.0, date(2026, 1, 30): 4.0}
    assert (health.spent_today, health.spent_since(30)) == (1.0, 3.0)
