"""Page, mail, status, plan and clean-up tell one number for one fact, whatever the history."""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.health.causes import causes
from analysis.health.figures import HealthSettings, health
from collect_sps_and_if.nightly.attention import attention
from collect_sps_and_if.nightly.day_moves import moves_of, score_day
from collect_sps_and_if.nightly.report_facts import Facts
from collect_sps_and_if.nightly.report_facts import gather as gather_facts
from data_files.launches import journal, spending
from data_files.launches.journal import JournalRow
from data_files.launches.spending import SpendingRow
from data_files.market import configurations, polled, polls, scores
from data_files.market.configurations import ConfigurationUse, Ledger
from data_files.market.coverage import coverage, joined_gaps
from data_files.market.polled import PolledRow
from data_files.market.polls import PollRow
from data_files.market.scores import Score
from report.gather.everything import Gathered, gather_collected
from report.head import Card, cards, warning_lines
from report.page import embedded_data
from status.document import document
from tests.analysis.health.collected_home import leave_letter
from tests.time_zone import in_zone

NOW = datetime(2026, 3, 3, 12, 3, tzinfo=UTC)
DAYS = [NOW.date() - timedelta(days=back) for back in range(4)]
TIMEOUT = 600
SETTINGS = HealthSettings(50, "us-east-1", 5.0, TIMEOUT)
ENDPOINTS = ("us-east-1", "us-west-2")
TOKENS = ("one", "two", "three")

a_few = settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])


def page_of(home: Path) -> Gathered:
    for day in DAYS:  # so that the page shows these days, whatever else there is
        spending.FILES.append(spending.FILES.path(home, day), [])
    return gather_collected(home, NOW, SETTINGS)


def status_of(home: Path) -> dict[str, Any]:
    found = health(home, NOW, SETTINGS)
    told: dict[str, Any] = json.loads(document(found, causes(found)))
    return told


def mail_of(home: Path) -> tuple[Facts, list[str]]:
    day = polled.read_day(home, NOW.date())
    moves = moves_of(day)
    facts = gather_facts(home, day, score_day(day, moves), moves, NOW)
    return facts, attention(facts, home, undelivered=0)


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
    assert {day: told.coverage for day, told in page.polls.days.items()} == reckoned
    drawn = [row[1:3] for row in embedded_data(page)["polls"]]
    assert drawn == [[day.done, day.due] for day in reckoned.values() if day.due]
    missing, gaps = sum(day.missing for day in reckoned.values()), len(joined_gaps(reckoned.values()))
    if page.polls.due:
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
        told = page_of(home).health.places_used
        planned = {endpoint: len(Ledger(home, endpoint).last_uses(NOW)) for endpoint in ENDPOINTS}
        assert status_of(home)["quota"]["used"] == planned[ENDPOINTS[0]]
    assert told is not None
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
        page, status = page_of(home), status_of(home)
        unclosed = journal.unclosed_entries(home, NOW.date())
    since = NOW - timedelta(seconds=TIMEOUT) - journal.ENDING
    left = [entry for entry in unclosed if entry.intended is None or entry.intended < since]
    assert page.health.probes
    assert list(page.health.probes.left_open) == left
    assert status["probes"]["open"] == len(left)
    assert any("never ended" in line for line in warning_lines(page)) == bool(left)


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
        page, status = page_of(home), status_of(home)
    assert page.spending == {day: spending.spent(home, day) for day in DAYS}
    assert card(page, "Spending").figure == f"{spending.spent(home, NOW.date()):.2f}"
    assert status["spending"]["today"] == pytest.approx(spending.spent(home, NOW.date()), abs=1e-6)
    assert status["spending"]["days_7"] == pytest.approx(sum(page.spending.values()), abs=1e-6)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what became of each poll of two days and a half: of its scores, of the days' scores, of the letters."""
    outcome = st.sampled_from(["ok", "ok", "ok", "absent", "refused", "failed", "waiting"])
    return {
        "done": draw(st.sets(st.integers(0, 370), max_size=60)),
        "first": draw(st.sampled_from([0, 200, 300])),
        "outcomes": draw(st.lists(outcome, min_size=1, max_size=12)),
        "scored": draw(st.sets(st.sampled_from(DAYS))),
        "letters": draw(st.sets(st.sampled_from(DAYS))),
        "senseless": draw(st.booleans()),
    }


def write_history(home: Path, history: dict[str, Any]) -> list[tuple[datetime, str]]:
    """Write it, and give the time and the outcome of every score."""
    begun = datetime.combine(DAYS[2], datetime.min.time(), UTC)
    times = [
        begun + timedelta(minutes=10 * number)
        for number in range(history["first"], 361)
        if number % 40 == 0 or number not in history["done"]
    ]
    written, by_day = [], defaultdict[date, list[PolledRow]](list)
    acknowledged = []
    for number, time in enumerate(times):
        for place, family in enumerate("mc"):
            outcome = history["outcomes"][(number + place) % len(history["outcomes"])]
            sps = 3 if outcome == "ok" else None
            by_day[time.date()].append(PolledRow(time, "us-east-1", f"{family}.large", sps, 1, outcome, 10))
            written.append((time, outcome))
        acknowledged.append(PollRow(time, 2, 0, 2, 1.0, 0, 0))
    polls.FILE.append(polls.FILE.path(home), acknowledged)
    for day, rows in by_day.items():
        polled.FILES.append(polled.FILES.path(home, day), rows)
    if history["senseless"]:
        for path in (polled.FILES.path(home, NOW.date()), polls.FILE.path(home)):
            with path.open("a") as file:
                file.write("2026-03-03T25:00:00+00:00,what is this\n")
    for day in history["scored"]:
        scores.FILES.replace(scores.FILES.path(home, day), [Score("us-east-1", "m.large", 1.0, 0.0, 1 / 3)])
    for day in history["letters"]:
        leave_letter(home, day)
    return written


@a_few
@given(history=histories())
def test_status_page_and_mail_tell_one_health(history: dict[str, Any], tmp_path: Path) -> None:
    home = Path(tempfile.mkdtemp(dir=tmp_path))
    with in_zone("UTC"):
        written = write_history(home, history)
        status, page, (facts, needs) = status_of(home), page_of(home), mail_of(home)
    lately = Counter(outcome for time, outcome in written if time > NOW - timedelta(hours=24))
    asked = lately.total() - lately["waiting"]
    share = (lately["ok"] + lately["absent"]) / asked if asked else None
    assert status["polls"]["answered_share_24h"] == share
    assert card(page, "Placement scores").state == ("none" if share is None else "good" if share >= 0.9 else "warn")
    assert status["polls"]["last"] == max(time for time, _ in written).isoformat()
    assert card(page, "Last poll").figure == f"{max(time for time, _ in written):%H:%M}"
    today = page.polls.days[NOW.date()].coverage
    assert (status["polls"]["done_today"], status["polls"]["due_today"]) == (today.done, today.due)
    assert (facts.coverage.done, facts.coverage.due) == (today.done, today.due)
    polled_days = {time.date() for time, _ in written}
    unscored = sorted(polled_days - history["scored"] - {NOW.date()})
    assert status["night"]["unscored_days"] == [day.isoformat() for day in unscored]
    assert status["night"]["unsent_mails"] == len(history["letters"])
    assert needs[: len(status["attention"])] == status["attention"]
    lines = [line.removesuffix(".").casefold() for line in warning_lines(page)]
    assert lines[: len(status["attention"])] == [cause.casefold() for cause in status["attention"]]
    assert status["healthy"] == (not status["attention"])
