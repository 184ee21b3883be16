"""The hours of the week as the page shows them: of launches too, weighted, with the thin ones grey."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data_files.launches import looks, probes
from tests.browser import DESKTOP, PHONE, Browser
from tests.report.opened import cells, downloaded, page_of, tooltip, wait_until_drawn

pytestmark = pytest.mark.browser

NIGHT = datetime.fromisoformat("2026-03-29T23:56:00+09:00")


def probe(home: Path, time: datetime, instance: str, ready: int, probability: float) -> None:
    """Write a probe of ten instances."""
    day, pair = time.date(), ("us-east-1", instance)
    look = looks.LookRow(*pair, 10, time, time + timedelta(seconds=90), ready, 10, 10)
    looks.FILES.append(looks.FILES.path(home, day), [look])
    ended = time + timedelta(seconds=600)
    row = probes.EndedProbe(time, *pair, 10, "sample", probability, "ready", 600, 3, ended, "timeout")
    probes.FILES.append(probes.FILES.path(home, day), [row])


@pytest.fixture(scope="module")
def five_sundays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of five Sundays: at nine a probe of a pair on top and one of twenty sampled, at ten a few."""
    home = tmp_path_factory.mktemp("sundays")
    nine = datetime.fromisoformat("2026-03-01T09:03:00+09:00")
    for week in range(5):
        at = nine + timedelta(days=7 * week)
        probe(home, at, "m5.large", 10, 1)
        for number in range(2):
            probe(home, at, f"c{number + 5}.large", 4, 0.5)
        if week < 2:
            probe(home, at + timedelta(hours=1), "m5.large", 0, 1)
    return page_of(home, NIGHT)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_launches_are_told_by_hour_of_the_week_weighted_and_with_their_number(
    browser: Browser, five_sundays: Path, width: int
) -> None:
    with browser.open(five_sundays, width) as opened:
        wait_until_drawn(opened)
        drawn = {cell["hour"]: cell for cell in cells(opened, "launch_hours")}
        assert set(drawn) == {9, 10}
        assert drawn[9]["fill"] != drawn[10]["fill"]
        assert drawn[10]["fill"] == "#e1e1e1", "of two Sundays nothing is told"
        said = tooltip(opened, "launch_hours")
        assert said["Day"] == "Sun"
        assert said["Ready of those requested, weighted"] == "52%", "(10 + 2 x 2 x 4) of (10 + 2 x 2 x 10)"
        assert (said["Probes"], said["Days"], said["Told"]) == ("15", "5", "enough to tell")
        caption = opened.page.locator("#launch_hours .caption").inner_text()
        assert "1 of 2 hours of the week are told" in caption
        rows = downloaded(opened, "launch_hours")
        assert [(row["weekday"], row["hour"], row["count"]) for row in rows] == [("Sun", "9", "15"), ("Sun", "10", "2")]
        assert opened.complaints == []
