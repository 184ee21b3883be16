"""Quota, spending and probes that were never ended; what of their files cannot be read is named."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analysis.reading import NotingReader, Troubles
from data_files.launches import journal
from data_files.launches.journal import Entry
from data_files.market import configurations
from data_files.market.configurations import ConfigurationUse
from report.gather.everything import Gathered, gather_collected
from report.gather.health import Health, ReportSettings, configurations_used, open_probes
from tests.time_zone import in_zone

NOW = datetime(2026, 3, 3, 12, 3, tzinfo=UTC)
SETTINGS = ReportSettings(50, "us-east-1", 5.0, 600)


def read(home: Path) -> Gathered:
    with in_zone("UTC"):
        return gather_collected(home, NOW, SETTINGS)


def use(home: Path, hours_ago: float, instance: str = "m5.large", endpoint: str = "us-east-1") -> None:
    time = NOW - timedelta(hours=hours_ago)
    row = ConfigurationUse(time, endpoint, instance, ("eu-west-1", "us-east-1"), 10)
    configurations.FILES.append(configurations.FILES.path(home, time.date()), [row])


def used(home: Path) -> dict[str, int]:
    return configurations_used(NotingReader(home, Troubles()), "us-east-1", NOW)


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
    configurations.FILES.path(tmp_path, NOW.date()).mkdir(parents=True)
    page = read(tmp_path)
    assert page.health.configurations == {}
    assert page.troubles.lines == ["configurations/2026-03-03.csv was passed over: Is a directory"]


def test_a_broken_journal_is_named_and_what_is_whole_of_it_counts(tmp_path: Path) -> None:
    entry = Entry(journal.new_token(), "us-east-1", "m5.large", 2)
    with in_zone("UTC"):
        journal.write(tmp_path, journal.INTENDED, entry, NOW - timedelta(hours=1))
    with journal.FILES.path(tmp_path, NOW.date()).open("a") as file:
        file.write("what is this\n")
    troubles = Troubles()
    assert [probe.token for probe in open_probes(NotingReader(tmp_path, troubles), NOW, 600)] == [entry.token]
    assert troubles.lines == ["journal/2026-03-03.csv: rows that make no sense were passed over: 1"]


def test_spending_of_thirty_days_ends_today() -> None:
    health = Health(NOW, SETTINGS)
    health.spending = {date(2026, 3, 3): 1.0, date(2026, 2, 2): 2.0, date(2026, 2, 1): 4.0}
    assert (health.spent_today, health.spent_since(30)) == (1.0, 3.0)
