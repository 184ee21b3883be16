"""The page as people meet it: in a real browser, wide and narrow, with nothing, little, much and hostile data."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from benchmarks import collected_year
from collect_launch_time import tables as launch_tables
from collect_sps_and_if import tables as score_tables
from common import csv_file
from report.gathering import gather
from report.health import Limits
from report.page import render
from tests.browser import DESKTOP, PHONE, Browser, Seen, browser  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

LIMITS = Limits(configurations=50, daily_budget_usd=5.0, timeout_seconds=600)
NIGHT = datetime.fromisoformat("2026-03-01T23:56:00+09:00")
HOSTILE = "</script><script>window.taken=1</script>"
MARKS = {
    "calendar": "rect",
    "spending": "rect",
    "scores": "rect",
    "bands": "rect",
    "band_changes": "rect",
    "band_shares": "rect",
    "ranking": "line",
    "readiness": "area",
    "stages": "area",
    "ranges": "rule",
    "outcomes": "rect",
    "share_by_score": "symbol",
    "seconds_by_score": "symbol",
    "share_by_band": "symbol",
}


def page_of(home: Path, now: datetime = NIGHT) -> Path:
    path = home / "index.html"
    path.write_text(render(gather(home, now, LIMITS)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("fortnight")
    collected_year.write(home, days=14, probes=24)
    return page_of(home)


def drawn(seen: Seen, act: Callable[[], object] | None = None) -> None:
    """Wait until everything is drawn: at first, or anew after an act."""
    before = seen.page.evaluate("document.documentElement.dataset.drawn") if act else None
    if act:
        act()
    seen.page.wait_for_function("before => (document.documentElement.dataset.drawn ?? null) !== before", arg=before)


def marks(seen: Seen, figure: str) -> int:
    return seen.page.locator(f"#{figure} .role-mark.mark-{MARKS[figure]} > *").count()


def labels(seen: Seen, figure: str) -> list[str]:
    return seen.page.locator(f"#{figure} .role-axis-label text").all_text_contents()


def downloaded(seen: Seen, figure: str) -> list[dict[str, str]]:
    with seen.page.expect_download() as waited:
        seen.page.locator(f"#{figure} .csv").click()
    assert waited.value.suggested_filename.endswith(".csv")
    with waited.value.path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_picture_is_drawn_and_nothing_overflows(browser: Browser, fortnight: Path, width: int) -> None:  # noqa: F811
    with browser.look(fortnight, width) as seen:
        drawn(seen)
        assert [figure for figure in MARKS if not marks(seen, figure)] == []
        assert seen.overflowing() == []
        assert (seen.errors, seen.requests) == ([], [])
        seen.picture("report")


def test_is_drawn_in_the_dark_too(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        fill = "document.querySelector('#scores .role-mark.mark-rect path').getAttribute('fill')"
        by_day = seen.page.evaluate(fill)
        drawn(seen, lambda: seen.page.emulate_media(color_scheme="dark"))
        assert seen.page.evaluate(fill) != by_day
        assert [figure for figure in MARKS if not marks(seen, figure)] == []
        assert seen.errors == []
        seen.picture("report-dark")


def test_filters_act_on_every_picture_below_them(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        everything = seen.page.locator("#outcomes .says").inner_text()
        region = downloaded(seen, "readiness")[0]["region"]
        drawn(seen, lambda: seen.page.select_option("[name=region]", region))
        for figure in ("scores", "bands", "ranges"):
            assert {label.split(" · ")[1] for label in labels(seen, figure) if " · " in label} == {region}, figure
        assert {row["region"] for row in downloaded(seen, "readiness")} == {region}
        assert {row["region"] for row in downloaded(seen, "ranking")} == {region}
        assert seen.page.locator("#outcomes .says").inner_text() != everything
        drawn(seen, lambda: seen.page.fill("[name=type]", "m5"))
        assert all(label.startswith("m5") for label in labels(seen, "bands") if " · " in label)
        drawn(seen, lambda: seen.page.click("text=Reset"))
        assert seen.page.locator("#outcomes .says").inner_text() == everything
        assert seen.errors == []


def test_a_family_is_not_another_that_begins_like_it(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        drawn(seen, lambda: seen.page.select_option("[name=family]", "m5"))
        assert {row["instance"].split(".")[0] for row in downloaded(seen, "bands")} == {"m5"}


def test_dates_act_on_what_was_polled_and_probed(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        seen.page.fill("[name=from]", "2026-02-20")
        drawn(seen, lambda: seen.page.fill("[name=to]", "2026-02-21"))
        days = {row["from"][:10] for row in downloaded(seen, "scores")}
        assert days == {"2026-02-20", "2026-02-21"}
        assert "480 spot requests" in seen.page.locator("#outcomes .says").inner_text()
        assert "2026-02-21" in seen.page.locator("#ranking .says").inner_text()


def test_filters_are_kept_in_the_address(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        drawn(seen, lambda: seen.page.select_option("[name=region]", "us-west-2"))
        assert seen.page.url.endswith("#region=us-west-2")
        seen.page.reload()
        drawn(seen)
        assert seen.page.input_value("[name=region]") == "us-west-2"
        assert {row["region"] for row in downloaded(seen, "bands")} == {"us-west-2"}


def test_filters_that_leave_nothing_say_so(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        drawn(seen, lambda: seen.page.fill("[name=type]", "no such type"))
        assert "0 of" in seen.page.locator("output").inner_text()
        assert "these filters leave" in seen.page.locator("#scores .says").inner_text()
        assert seen.page.locator("#scores .csv").is_disabled()
        assert seen.errors == []


def test_more_rows_are_shown_when_asked_for(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        before = marks(seen, "scores")
        seen.page.click("#scores .more")
        seen.page.wait_for_function(
            "n => document.querySelectorAll('#scores .role-mark.mark-rect > *').length > n", arg=before
        )


def test_the_rows_of_a_picture_are_its_download(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        rows = downloaded(seen, "scores")
        assert len(rows) == marks(seen, "scores")
        assert all(1 <= float(row["low"]) <= float(row["score"]) <= float(row["high"]) <= 10 for row in rows)


# In two halves: Chromium lets a page start ten downloads in quick succession, and no more.
@pytest.mark.parametrize("figures", [list(MARKS)[:7], list(MARKS)[7:]], ids=["upper", "lower"])
def test_every_picture_has_its_rows_to_download(browser: Browser, fortnight: Path, figures: list[str]) -> None:  # noqa: F811
    with browser.look(fortnight, DESKTOP) as seen:
        drawn(seen)
        assert [figure for figure in figures if not downloaded(seen, figure)] == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_page_of_nothing_says_so(browser: Browser, tmp_path: Path, width: int) -> None:  # noqa: F811
    with browser.look(page_of(tmp_path), width) as seen:
        drawn(seen)
        assert "Nothing has been collected yet" in seen.page.locator(".lead").first.inner_text()
        assert seen.page.locator("figure.empty").count() == len(MARKS)
        assert seen.overflowing() == []
        assert seen.errors == []
        seen.picture("report-empty")


def test_one_poll_makes_a_page(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    collected_year.write(tmp_path, days=1, polls=1, probes=1)
    page = page_of(tmp_path, datetime.fromisoformat("2026-03-01T00:08:00+09:00"))
    with browser.look(page, DESKTOP) as seen:
        drawn(seen)
        assert "1 polls done of 1 due" in seen.page.locator("#calendar .says").inner_text()
        assert marks(seen, "scores") == 24
        assert seen.errors == []
        seen.picture("report-one-poll")


def test_without_javascript_the_state_of_affairs_is_still_told(browser: Browser, fortnight: Path) -> None:  # noqa: F811
    with browser.look(fortnight, PHONE, scripts=False) as seen:
        assert "23:50" in seen.page.locator(".cards").inner_text()
        assert "need JavaScript" in seen.page.locator("noscript").inner_text()


def test_names_from_the_files_are_shown_and_never_run(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    scores, launches = score_tables.Tables(tmp_path), launch_tables.Tables(tmp_path)
    day, time = date(2026, 3, 1), "2026-03-01T10:00:00+09:00"
    image = "<img src=x onerror=window.taken=1>"
    polled = [(time, image, HOSTILE, 5, 1, "ok")]
    csv_file.append(scores.sps_and_if(day), score_tables.SPS_AND_IF, polled)
    csv_file.append(scores.polls, score_tables.POLLS, [(time, 1, 0, 1, 0.5)])
    csv_file.append(scores.score(day), score_tables.SCORE, [(image, HOSTILE, 1, 0, 0.33)])
    csv_file.append(
        launches.looks(day), launch_tables.LOOKS, [(image, HOSTILE, 2, time, "2026-03-01T10:01:00+09:00", 1, 2, 2)]
    )
    request = {"region": image, "instance": HOSTILE, "outcome": image}
    csv_file.append(
        launches.instances(day), launch_tables.INSTANCES, [[request.get(name) for name in launch_tables.INSTANCES]]
    )
    csv_file.append(
        launches.journals / "2026-03-01.csv",
        launch_tables.JOURNAL,
        [(time, "intended", "t", image, HOSTILE, 2, "", "")],
    )
    with browser.look(page_of(tmp_path), DESKTOP) as seen:
        drawn(seen)
        assert seen.page.evaluate("window.taken") is None
        assert HOSTILE in seen.page.locator("#ranking tbody").inner_text()
        assert HOSTILE in seen.page.locator(".care-line").first.inner_text()
        seen.page.hover("#scores .role-mark.mark-rect path")
        seen.page.wait_for_selector("#vg-tooltip-element.visible")
        assert seen.page.locator("#vg-tooltip-element img").count() == 0
        assert downloaded(seen, "ranking")[0]["instance"] == HOSTILE
        assert (seen.errors, seen.requests) == ([], [])


def test_rows_that_make_no_sense_are_named_at_the_foot(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    collected_year.write(tmp_path, days=1, probes=6)
    for path in (score_tables.Tables(tmp_path).sps_and_if(date(2026, 3, 1)), score_tables.Tables(tmp_path).polls):
        with path.open("ab") as file:
            file.write(b"what,is,this\n\xff\xfe\n,,,,,\x00\ntorn,li")
    with browser.look(page_of(tmp_path), DESKTOP) as seen:
        drawn(seen)
        foot = seen.page.locator("footer").inner_text()
        assert "sps_and_if/2026-03-01.csv: rows that make no sense were passed over: 3" in foot
        assert "data/polls.csv: rows that make no sense were passed over: 3" in foot
        assert marks(seen, "scores") > 24
        assert seen.errors == []
