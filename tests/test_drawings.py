"""The demo's pictures are the page's own charts, of what was collected."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import vl_convert

from data_files.launches.instances import READY, InstanceRow
from data_files.market import polled
from data_files.market.polled import OK, PolledRow
from script import drawings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)</text>", svg)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    rows = [
        PolledRow(NOON + timedelta(minutes=30 * poll), "us-east-1", instance, score, 1, OK, 10)
        for poll in range(4)
        for instance, score in (("m5.large", 3), ("c5.large", 1 + 3 * (poll // 2)))
    ]
    polled.FILES.append(polled.FILES.path(tmp_path, NOON.date()), rows)
    return tmp_path


def test_the_scores_are_drawn_by_pair_and_hour_in_the_pages_colours_the_most_moved_first(home: Path) -> None:
    day = drawings.polled_day(home, NOON.date())
    svg = vl_convert.vega_to_svg(drawings.scores_chart(day.rows))
    assert [text for text in texts(svg) if "us-east-1" in text] == ["c5.large · us-east-1", "m5.large · us-east-1"]
    assert "2 of 2 pairs" in svg
    one, three = "rgb(251, 230, 154)", "rgb(43, 134, 172)"  # the style sheet's colours of these scores
    first, second, third, fourth = re.findall(r'<path d="M[^"]*Z" fill="(rgb[^"]+)"', svg)
    assert (first, third, fourth) == (one, three, three)
    assert second not in (one, three)
    assert {"12:00", "13:00"} <= set(texts(svg))
    day.draw(home / "scores.png")
    assert (home / "scores.png").read_bytes().startswith(b"\x89PNG")


def request(instance: str, ready: float | None) -> InstanceRow:
    ready_time = None if ready is None else NOON + timedelta(seconds=ready)
    known = (None, None, "us-east-1", None, instance, NOON, None, None, NOON + timedelta(seconds=40), ready_time)
    return InstanceRow(*known, READY if ready else "capacity-not-available")


def test_each_probe_has_its_readiness_curve_with_a_tick_where_it_ended_unready() -> None:
    requests = [request("m5.large", 20), request("m5.large", None), request("c5.large", 30), request("c5.large", 35)]
    svg = vl_convert.vega_to_svg(drawings.readiness_charts(pd.DataFrame(requests)))
    assert "m5.large in us-east-1, 2 instances" in texts(svg)
    assert "c5.large in us-east-1, 2 instances" in texts(svg)
    curves = re.findall(r'<path d="(M[^"]*)" stroke="#0b6a8f"', svg)  # the style sheet's accent
    heights = [{height for _, height in re.findall(r"([\d.]+),([\d.]+)", curve)} for curve in curves]
    assert heights == [{"130", "65"}, {"130", "65", "0"}], "from none to half; to half, and to all"
    assert svg.count('fill="#16191d" opacity') == 1, "a tick"
