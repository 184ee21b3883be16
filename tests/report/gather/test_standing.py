"""The newest scores of standing queries, as the page has them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analysis.health.figures import HealthSettings
from analysis.reading import NotingReader, Troubles
from data_files.market import standing_definitions, standing_scores
from data_files.market.standing_definitions import Definition
from data_files.market.standing_scores import StandingRow
from report.gather.everything import gather_collected
from report.gather.standing import newest_standing
from report.page import render_page

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)


def collect(home: Path) -> None:
    defined = [
        Definition(NOON - timedelta(hours=3), "web", ("m5.large",), ("us-east-1",), 10, "region"),
        Definition(NOON + timedelta(hours=3), "web", ("c5.large",), ("us-east-1",), 10, "region"),
    ]
    standing_definitions.record_definitions(home, defined)
    rows = [
        StandingRow(NOON - timedelta(minutes=10), "<b>web", "eu-west-1", None, 9, "ok"),
        StandingRow(NOON, "web", "us-east-1", None, 2, "ok"),
        StandingRow(NOON, "web", "us-west-2", None, None, "waiting"),
        StandingRow(NOON, "web", "eu-west-1", None, 5, "ok"),
    ]
    standing_scores.FILES.append(standing_scores.FILES.path(home, DAY), rows)


def test_each_query_has_the_rows_of_its_own_last_poll_best_first_and_what_it_asked_then(tmp_path: Path) -> None:
    collect(tmp_path)
    first, web = newest_standing(NotingReader(tmp_path, Troubles()), DAY)
    assert (first.name, first.asked) == ("<b>web", None)
    assert [row.region for row in web.rows] == ["eu-west-1", "us-east-1", "us-west-2"]
    assert web.asked
    assert web.asked.instances == ("m5.large",)


def test_the_page_has_a_table_of_them_and_none_without(tmp_path: Path) -> None:
    settings = HealthSettings(50, "us-east-1", 5.0, 600)
    assert "Standing queries" not in render_page(gather_collected(tmp_path, NOON, settings))
    collect(tmp_path)
    page = render_page(gather_collected(tmp_path, NOON, settings))
    assert "eu-west-1 5 · us-east-1 2 · us-west-2 waiting" in page
    assert "&lt;b&gt;web" in page
    assert "10 instances of m5.large" in page
