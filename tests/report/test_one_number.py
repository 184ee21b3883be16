"""What the page tells of polls, quota, open probes and spending are the numbers that mail, plan and clean-up go by."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_files.launches import journal, spending
from data_files.launches.journal import JournalRow
from data_files.launches.spending import SpendingRow
from data_files.market import configurations, polls
from data_files.market.configurations import ConfigurationUse, Ledger
from data_files.market.coverage import coverage, joined_gaps
from data_files.market.polls import PollRow
from report.collected.gathering import Gathered, gather_collected
from report.collected.health import ReportSettings
from report.head import Card, cards, warning_lines
from report.page import embedded_data
from tests.time_zone import in_zone

NOW = datetime(2026, 3, 3, 12, 3, tzinfo=UTC)
DAYS = [NOW.date() - timedelta(days=back) for back in range(4)]
TIMEOUT = 600
ENDPOINTS = ("us-east-1", "us-west-2")
TOKENS = ("one", "two", "three")

a_few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def page_of(home: Path) -> Gathered:
    for day in DAYS:  # so that the page shows these days, whatever else there is
        spending.FILES.append(spending.FILES.path(home, day), [])
    return gather_collected(home, NOW, ReportSettings(50, ENDPOINTS[0], 5.0, TIMEOUT))


def card(page: Gathered, title: str) -> Card:
    return next(card for card in cards(page) if card.title.startswith(title))


def days_ago(most: float) -> st.SearchStrategy[datetime]:
    """Moments up to that many days before now, and a few after it, as of a clock that was set back."""
    minutes = st.integers(-90, int(most * 24 * 60))
    return minutes.map(lambda before: NOW - timedelta(minutes=before))


@a_few
@given(times=st.lists(days_ago(3), min_size=1, max_size=60))
def test_polls_due_done_and_missing(times: Sequence[datetime], tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(dir=tmp_path))
    polls.FILE.append(polls.FILE.path(home), [PollRow(time, 2, 0, 4, 1.0) for time in times])
    with in_zone("UTC"):
        page = page_of(home)
        day, reckoned = min(times).date(), {}
        while day <= max(*times, NOW).date():
            of_day = polls.of_day(home, day)
            reckoned[day] = coverage(day, [poll.time for poll in of_day.polls], NOW, of_day.begun)
            day += timedelta(days=1)
    assert {day: told.coverage for day, told in page.health.polls.days.items()} == reckoned
    drawn = [row[1:3] for row in embedded_data(page)["polls"]]
    assert drawn == [[day.done, day.due] for day in reckoned.values() if day.due]
    missing, gaps = sum(day.missing for day in reckoned.values()), len(joined_gaps(reckoned.values()))
    if page.health.polls.due:
        assert card(page, "Coverage").lines[0].startswith(f"{missing:,} missed in {gaps:,} gap")


uses = st.builds(
    ConfigurationUse,
    days_ago(1.5),
    st.sampled_from(ENDPOINTS),
    st.sampled_from(["m5.large", "c5.large", "r5.large"]),
    st.sampled_from([("us-east-1",), ("eu-west-1", "us-east-1")]),
    st.sampled_from([1, 10]),
)


@a_few
@given(written=st.lists(uses, max_size=30))
def test_places_of_the_quota_that_are_used(written: Sequence[ConfigurationUse], tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(dir=tmp_path))
    for row in written:
        configurations.FILES.append(configurations.FILES.path(home, row.time.date()), [row])
    with in_zone("UTC"):
        told = page_of(home).health.configurations
        planned = {endpoint: len(Ledger(home, endpoint).last_uses(NOW)) for endpoint in ENDPOINTS}
    assert {**dict.fromkeys(ENDPOINTS, 0), **told} == planned


events = st.builds(
    JournalRow,
    st.one_of(st.none(), days_ago(3)),
    st.sampled_from([journal.INTENDED, journal.REQUESTED, journal.CANCELLED, journal.CLOSED]),
    st.sampled_from(TOKENS),
    st.just("us-east-1"),
    st.sampled_from(["m5.large", None]),
    st.just(2),
    st.just(("sir-1",)),
    st.just(()),
)


@a_few
@given(written=st.lists(st.tuples(st.sampled_from(DAYS), events), max_size=12))
def test_probes_left_open(written: Sequence[tuple[date, JournalRow]], tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(dir=tmp_path))
    for day, row in written:
        journal.FILES.append(journal.FILES.path(home, day), [row])
    with in_zone("UTC"):
        page = page_of(home)
        assert page.health.open_probes == journal.open_entries(home, NOW, TIMEOUT)
    assert len(warning_lines(page)) == len(page.health.open_probes)


costs = st.builds(
    SpendingRow, days_ago(3), st.just("us-east-1"), st.just("m5.large"), st.just(2), st.just(60.0), st.floats(0, 10)
)


@a_few
@given(written=st.lists(costs, max_size=12))
def test_money_spent(written: Sequence[SpendingRow], tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(dir=tmp_path))
    for row in written:
        assert row.time
        spending.FILES.append(spending.FILES.path(home, row.time.date()), [row])
    with in_zone("UTC"):
        page = page_of(home)
    assert page.health.spending == {day: spending.spent(home, day) for day in DAYS}
    assert card(page, "Spending").figure == f"{spending.spent(home, NOW.date()):.2f}"
