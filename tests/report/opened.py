"""The page of a HOME, open in a browser: what its charts show, its tooltips say, and its buttons download."""

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analysis.health.figures import HealthSettings
from common.files import csv_file
from data_files.csv_table import DatedFiles
from report.gather.everything import gather_collected
from report.page import render_page
from tests.browser import OpenPage
from tests.time_zone import in_zone

SETTINGS = HealthSettings(
    configuration_limit=50, endpoint_region="us-east-1", daily_budget_usd=5.0, timeout_seconds=600
)
NIGHT = datetime.fromisoformat("2026-03-01T23:56:00+09:00")
DAY = date(2026, 3, 1)
MARKS = {
    "calendar": "rect",
    "spending": "rect",
    "scores": "rect",
    "prices": "rect",
    "week_hours": "rect",
    "launch_hours": "rect",
    "bands": "rect",
    "band_changes": "rect",
    "band_shares": "rect",
    "ranking": "line",
    "readiness": "area",
    "stages": "area",
    "ranges": "rule",
    "endings": "rect",
    "outcomes": "rect",
    "share_by_score": "symbol",
    "seconds_by_score": "symbol",
    "share_by_band": "symbol",
}


def write(home: Path, files: DatedFiles[Any], row: Sequence[csv_file.Cell]) -> None:
    csv_file.append(files.path(home, DAY), files.header, [row])


def page_of(home: Path, now: datetime = NIGHT) -> Path:
    path = home / "index.html"
    with in_zone("Asia/Tokyo"):
        path.write_text(render_page(gather_collected(home, now, SETTINGS)), encoding="utf-8")
    return path


def wait_until_drawn(opened: OpenPage, act: Callable[[], object] | None = None) -> None:
    """Wait until everything is drawn; given an act, do it and wait until everything is drawn again."""
    before = None
    if act:
        wait_until_drawn(opened)  # else what is still under way would be taken for what follows the act
        before = opened.page.evaluate("document.documentElement.dataset.drawn")
        act()
    opened.page.wait_for_function("before => (document.documentElement.dataset.drawn ?? null) !== before", arg=before)


def marks(opened: OpenPage, figure: str) -> int:
    return opened.page.locator(f"#{figure} .role-mark.mark-{MARKS[figure]} > *").count()


def labels(opened: OpenPage, figure: str) -> list[str]:
    return opened.page.locator(f"#{figure} .role-axis-label text").all_text_contents()


def tooltip(opened: OpenPage, figure: str) -> dict[str, str]:
    """Point at a chart's first mark, and give what the tooltip says by its titles."""
    opened.page.mouse.move(0, 0)  # away from what was pointed at before
    opened.page.wait_for_selector("#vg-tooltip-element.visible", state="detached")
    opened.page.locator(f"#{figure} .role-mark.mark-{MARKS[figure]} > *").first.hover()
    opened.page.wait_for_selector("#vg-tooltip-element.visible")
    titles, texts = (opened.page.locator(f"#vg-tooltip-element .{part}").all_inner_texts() for part in ("key", "value"))
    return dict(zip(titles, texts, strict=True))


def downloaded(opened: OpenPage, figure: str) -> list[dict[str, str]]:
    with opened.page.expect_download() as waited:
        opened.page.locator(f"#{figure} .csv").click()
    assert waited.value.suggested_filename.endswith(".csv")
    with waited.value.path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(opened: OpenPage, figure: str) -> list[dict[str, Any]]:
    """Give what a chart's rectangles stand for and how they are filled and outlined."""
    script = f"""() => [...document.querySelectorAll("#{figure} .role-mark.mark-rect path")].map(path => (
        {{...path.__data__.datum, fill: path.getAttribute("fill"), stroke: path.getAttribute("stroke")}}))"""
    found: list[dict[str, Any]] = opened.page.evaluate(script)
    return found
