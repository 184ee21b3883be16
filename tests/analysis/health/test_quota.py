"""Places of the quota are counted as the plan counts them, for each endpoint Region on its own."""

from datetime import timedelta
from pathlib import Path

from analysis.health.causes import causes
from analysis.health.quota import places_used
from data_files.market import configurations
from data_files.market.configurations import ConfigurationUse
from tests.analysis.health.collected_home import NOW, judged, write_healthy


def use(home: Path, hours_ago: float, instance: str = "m5.large", endpoint: str = "us-east-1") -> None:
    time = NOW - timedelta(hours=hours_ago)
    row = ConfigurationUse(time, endpoint, instance, ("eu-west-1", "us-east-1"), 10)
    configurations.FILES.append(configurations.FILES.path(home, time.date()), [row])


def used(home: Path) -> dict[str, int]:
    return places_used(home, "us-east-1", NOW)


def test_a_configuration_used_often_takes_one_place(tmp_path: Path) -> None:
    for hours_ago, instance in ((3, "c5.large"), (2, "m5.large"), (1, "m5.large")):
        use(tmp_path, hours_ago, instance)
    assert used(tmp_path) == {"us-east-1": 2}


def test_a_place_is_free_when_the_planner_takes_it_for_free(tmp_path: Path) -> None:
    use(tmp_path, 24.2)
    use(tmp_path, 24.1, "c5.large")
    assert used(tmp_path) == {"us-east-1": 1}, "24 hours after the last attempt, which may come 9 minutes after the use"


def test_every_endpoint_that_was_asked_of_late_has_its_own_quota(tmp_path: Path) -> None:
    use(tmp_path, 1, endpoint="us-west-2")
    use(tmp_path, 30, endpoint="eu-west-1")
    assert used(tmp_path) == {"us-east-1": 0, "us-west-2": 1}


def test_a_ledger_that_cannot_be_read_says_nothing_of_the_quota(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    path = configurations.FILES.path(tmp_path, NOW.date())
    path.unlink()
    path.mkdir()
    found = judged(tmp_path)
    assert found.places_used is None
    assert causes(found) == [
        "collect_sps_and_if/data/configurations/2026-03-03.csv cannot be read (Is a directory):"
        " give this user the file, or move it away"
    ]
