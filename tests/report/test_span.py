"""Which days the page says it is of, and shows at first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.health.figures import HealthSettings
from data_files.market import polled, polls, spot_prices
from data_files.market.polled import OK, PolledRow
from data_files.market.polls import PollRow
from data_files.market.spot_prices import PriceChange
from report.gather.everything import gather_collected
from report.page import embedded_data, render_page
from tests.browser import DESKTOP, Browser
from tests.report.opened import downloaded, page_of, wait_until_drawn
from tests.time_zone import in_zone

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SETTINGS = HealthSettings(50, "us-east-1", 5.0, 600)


@pytest.fixture
def first_day(tmp_path: Path) -> Path:
    """Give a HOME whose only poll is of today, with the prices of a month before, as AWS tells them."""
    polled.FILES.append(
        polled.FILES.path(tmp_path, NOON.date()), [PolledRow(NOON, "us-east-1", "m5.large", 3, 1, OK, 10)]
    )
    polls.FILE.append(polls.FILE.path(tmp_path), [PollRow(NOON, 1, 0, 1, 1.0, 0, 0)])
    times = [NOON - timedelta(days=days) for days in (30, 9, 0)]
    changes = [PriceChange(time, "us-east-1", "use1-az1", "m5.large", 0.1 + time.day / 100) for time in times]
    spot_prices.append_changes(tmp_path, changes)
    return tmp_path


def test_days_of_prices_only_are_told_apart_from_what_was_collected(first_day: Path) -> None:
    with in_zone("UTC"):
        gathered = gather_collected(first_day, NOON, SETTINGS)
    data = embedded_data(gathered)
    assert (data["begun"], data["last"] - data["first"]) == (data["last"], 30)
    assert "Collected on 1 Mar 2026; prices go back to 30 Jan 2026." in render_page(gathered)


@pytest.mark.browser
def test_the_page_begins_where_collecting_began_and_shows_the_prices_before_when_asked(
    browser: Browser, first_day: Path
) -> None:
    with browser.open(page_of(first_day, NOON), DESKTOP) as opened:
        wait_until_drawn(opened)
        assert opened.page.input_value("[name=from]") == "2026-03-01"
        assert {row["from"][:10] for row in downloaded(opened, "scores")} == {"2026-03-01"}
        assert "a column is 1 h" in opened.page.locator("#scores .caption").inner_text(), "not thirty days of a column"
        wait_until_drawn(opened, lambda: opened.page.fill("[name=from]", "2026-02-01"))
        assert {row["from"][:10] for row in downloaded(opened, "prices")} == {"2026-02-01", "2026-02-20", "2026-03-01"}
        assert opened.complaints == []
