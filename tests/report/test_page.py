"""The page in a real browser: wide and narrow, with no data, little, much, and hostile data."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from benchmarks import collected_year
from common.files import csv_file
from data_files.launches import instances, journal, looks, probes
from data_files.market import polled, polls, scores
from data_files.market.polled import ABSENT, FAILED, OK, REFUSED, WAITING
from tests.browser import DESKTOP, PHONE, Browser, OpenPage
from tests.report.opened import DAY, MARKS, cells, downloaded, labels, marks, page_of, tooltip, wait_until_drawn, write

pytestmark = pytest.mark.browser

HOSTILE = "</script><script>window.taken=1</script>"

AXE = Path(__file__).parent / "page" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_chart_is_drawn_and_nothing_overflows(browser: Browser, fortnight: Path, width: int) -> None:
    with browser.open(fortnight, width) as opened:
        wait_until_drawn(opened)
        assert [figure for figure in MARKS if not marks(opened, figure)] == []
        assert opened.overflowing() == []
        assert (opened.complaints, opened.requests) == ([], [])
        opened.screenshot("report")


def test_is_drawn_in_dark_colours_too(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        fill = "document.querySelector('#scores .role-mark.mark-rect path').getAttribute('fill')"
        by_day = opened.page.evaluate(fill)
        wait_until_drawn(opened, lambda: opened.page.emulate_media(color_scheme="dark"))
        assert opened.page.evaluate(fill) != by_day
        assert [figure for figure in MARKS if not marks(opened, figure)] == []
        assert opened.complaints == []
        opened.screenshot("report-dark")


def test_axe_finds_nothing_serious_light_or_dark(browser: Browser, fortnight: Path) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: script/test does that, where npm and its registry are within reach")
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        opened.page.evaluate(AXE.read_text(encoding="utf-8"))
        for scheme in ("light", "dark"):
            if scheme == "dark":
                wait_until_drawn(opened, lambda: opened.page.emulate_media(color_scheme="dark"))
            violations = opened.page.evaluate("axe.run().then(found => found.violations)")
            serious = [
                f"{scheme}: {found['help']}: {node['html'][:120]}"
                for found in violations
                if found["impact"] in ("serious", "critical")
                for node in found["nodes"][:3]
            ]
            assert serious == []


def test_filters_act_on_every_chart_below_them(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        everything = opened.page.locator("#outcomes .caption").inner_text()
        region = downloaded(opened, "readiness")[0]["region"]
        wait_until_drawn(opened, lambda: opened.page.select_option("[name=region]", region))
        for figure in ("scores", "bands", "ranges"):
            assert {label.split(" · ")[1] for label in labels(opened, figure) if " · " in label} == {region}, figure
        assert {row["region"] for row in downloaded(opened, "readiness")} == {region}
        assert {row["region"] for row in downloaded(opened, "ranking")} == {region}
        assert opened.page.locator("#outcomes .caption").inner_text() != everything
        wait_until_drawn(opened, lambda: opened.page.fill("[name=type]", "m5"))
        assert all(label.startswith("m5") for label in labels(opened, "bands") if " · " in label)
        wait_until_drawn(opened, lambda: opened.page.click("text=Reset"))
        assert opened.page.locator("#outcomes .caption").inner_text() == everything
        assert opened.complaints == []


def test_a_family_is_not_another_that_begins_like_it(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        wait_until_drawn(opened, lambda: opened.page.select_option("[name=family]", "m5"))
        assert {row["instance"].split(".")[0] for row in downloaded(opened, "bands")} == {"m5"}


def test_dates_act_on_what_was_polled_and_probed(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        wait_until_drawn(opened, lambda: opened.page.fill("[name=from]", "2026-02-20"))
        wait_until_drawn(opened, lambda: opened.page.fill("[name=to]", "2026-02-21"))
        days = {row["from"][:10] for row in downloaded(opened, "scores")}
        assert days == {"2026-02-20", "2026-02-21"}
        assert "480 spot requests" in opened.page.locator("#outcomes .caption").inner_text()
        assert "2026-02-21" in opened.page.locator("#ranking .caption").inner_text()


def test_filters_are_kept_in_the_address(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        wait_until_drawn(opened, lambda: opened.page.select_option("[name=region]", "us-west-2"))
        assert opened.page.url.endswith("#region=us-west-2")
        opened.page.reload()
        wait_until_drawn(opened)
        assert opened.page.input_value("[name=region]") == "us-west-2"
        assert {row["region"] for row in downloaded(opened, "bands")} == {"us-west-2"}


def test_the_page_answers_first_and_a_type_can_be_pinned_in_the_address(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, PHONE) as opened:
        wait_until_drawn(opened)
        answer = opened.page.locator("#answers tbody tr").first
        assert opened.page.evaluate(
            "answer => answer.getBoundingClientRect().bottom <= innerHeight", answer.element_handle()
        ), "without scrolling, on a phone too"
        instance, region = answer.locator("td").first.inner_text().split()
        told = downloaded(opened, "answers")
        assert (told[0]["instance"], told[0]["region"]) == (instance, region)
        assert len(told) > 200, "all pairs polled in 24 hours, though ten are shown"
        assert all(row["sps"] and row["usd"] for row in told)

        wait_until_drawn(opened, lambda: opened.page.evaluate("location.hash = '#type=m7a.large'"))
        pinned = downloaded(opened, "answers")
        assert {row["instance"] for row in pinned} == {"m7a.large"}
        assert pinned[0]["sps_time"].startswith("2026-03-01T23:50")
        assert {row["region"] for row in pinned} >= {row["region"] for row in downloaded(opened, "bands")}
        assert {label.split(" · ")[0] for label in labels(opened, "prices") if " · " in label} <= {"m7a.large"}
        groups = opened.page.locator("[data-group]:visible").all_inner_texts()
        assert groups
        assert all(not row.startswith(("i3.", "t4g.", "c7a.")) for row in groups)
        opened.page.evaluate("location.hash = '#health'")
        assert opened.page.input_value("[name=type]") == "m7a.large", "a link within the page leaves the filters alone"
        assert opened.complaints == []


def test_the_keyboard_reaches_every_control(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, PHONE) as opened:
        wait_until_drawn(opened)
        controls = "document.querySelectorAll('a, button, input, select, summary, [tabindex]')"
        opened.page.evaluate(
            f"[...{controls}].filter(e => e.checkVisibility() && !e.disabled).forEach((e, i) => e.dataset.n = i)"
        )
        wanted = opened.page.locator("[data-n]").count()
        reached = set()
        for _ in range(3 * wanted):  # a field for a date takes several
            opened.page.keyboard.press("Tab")
            reached.add(opened.page.evaluate("document.activeElement.dataset.n ?? null"))
            if len(reached - {None}) == wanted:
                break
        assert len(reached - {None}) == wanted
        opened.page.focus("#more_filters")
        opened.page.keyboard.press("Enter")
        assert opened.page.locator("[name=from]").is_visible()


def test_filters_that_leave_nothing_say_so(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        wait_until_drawn(opened, lambda: opened.page.fill("[name=type]", "no such type"))
        assert "0 of" in opened.page.locator("output").inner_text()
        assert "matches these filters" in opened.page.locator("#scores .caption").inner_text()
        assert opened.page.locator("#scores .csv").is_disabled()
        assert opened.complaints == []


def test_more_rows_are_shown_when_asked_for(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        before = marks(opened, "scores")
        opened.page.click("#scores .more")
        opened.page.wait_for_function(
            "n => document.querySelectorAll('#scores .role-mark.mark-rect > *').length > n", arg=before
        )


def test_a_download_has_all_rows_that_the_filters_leave_drawn_or_not(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        rows = downloaded(opened, "scores")
        assert all(1 <= float(row["low"]) <= float(row["score"]) <= float(row["high"]) <= 10 for row in rows)
        for figure, drawn in (("scores", 24), ("bands", 16), ("readiness", 6), ("ranges", 16), ("ranking", 15)):
            rows = downloaded(opened, figure)
            assert len({(row["instance"], row["region"]) for row in rows}) > drawn, figure


@pytest.fixture(scope="module")
def looked_at(browser: Browser, fortnight: Path) -> Iterator[OpenPage]:
    """Give a page of a fortnight that is drawn already, for tests that point at it and change nothing."""
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        yield opened


@pytest.mark.parametrize(
    ("figure", "columns", "written"),
    [
        ("calendar", {"Day": "day"}, "%d %b %Y"),
        ("spending", {"From": "from"}, "%d %b %Y"),
        ("scores", {"From": "from", "To": "to"}, "%a %d %b %Y %H:%M"),
        ("bands", {"From": "from", "To": "to"}, "%a %d %b %Y %H:%M"),
        ("band_changes", {"From": "from", "To": "to"}, "%a %d %b %Y %H:%M"),
    ],
)
def test_a_tooltip_shows_times_by_the_collectors_clock(
    looked_at: OpenPage, figure: str, columns: dict[str, str], written: str
) -> None:
    said = tooltip(looked_at, figure)
    shown = [datetime.strptime(f"{said[title]} +0000", f"{written} %z") for title in columns]
    times = [f"{moment:%Y-%m-%dT%H:%M}" for moment in shown]
    assert times in [[row[column] for column in columns.values()] for row in downloaded(looked_at, figure)]


def poll(home: Path, time: str, *answers: tuple[str, int | None, int | None, str]) -> None:
    """Write what one poll of the day was answered: instance type, placement score, band and outcome."""
    start = f"2026-03-01T{time}:00+09:00"
    for instance, score, band, outcome in answers:
        write(home, polled.FILES, (start, "us-east-1", instance, score, band, outcome, 10))
    csv_file.append(polls.FILE.path(home), polls.FILE.header, [(start, len(answers), 0, len(answers), 0.5, 0, 0)])


@pytest.fixture(scope="module")
def bad_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of one day on which scores of 1, 2 and 3 were answered, and more were refused."""
    home = tmp_path_factory.mktemp("bad-day")
    for hour in range(3):
        others = (("c5.large", REFUSED), ("r5.large", WAITING), ("t3.large", FAILED), ("m6g.large", ABSENT))
        unanswered = [(instance, None, None, outcome) for instance, outcome in others]
        poll(home, f"0{hour}:00", ("m5.large", hour + 1, 0, OK), *unanswered)
    poll(home, "13:30", ("m5.large", 3, 2, OK), ("c5.large", None, None, REFUSED))
    ends = (("ready", "all_ready", 2), ("ready", "stopped", 1), ("fulfilled", "all_fulfilled", 0))
    for hour, (until, ended, ready) in enumerate(ends):
        start, look = f"2026-03-01T0{hour}:05:00+09:00", f"2026-03-01T0{hour}:06:00+09:00"
        write(home, looks.FILES, ("us-east-1", "m5.large", 2, start, look, ready, 2, 2))
        write(home, probes.FILES, (start, "us-east-1", "m5.large", 2, "top", 1, until, 600, 3, look, ended))
    refused = ("2026-03-01T04:05:00+09:00", "us-east-1", "c5.large", 2, "top", 1, "ready", 600, 3, "", "refused")
    write(home, probes.FILES, refused)
    return page_of(home, datetime.fromisoformat("2026-03-01T13:41:00+09:00"))


def lightness(colour: str) -> float:
    """Give how light rgb(…) looks, 0 to 1."""
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def test_a_bad_day_is_told_as_it_was(browser: Browser, bad_day: Path) -> None:
    with browser.open(bad_day, DESKTOP) as opened:
        wait_until_drawn(opened)
        scores_of_cells = {cell["score"]: cell for cell in cells(opened, "scores") if cell["known"]}
        one, two, three = (lightness(scores_of_cells[score]["fill"]) for score in (1, 2, 3))
        assert one - two > 0.15, "1 and 2 are told apart at a glance"
        assert two - three > 0.15
        unanswered = {cell["pair"].split(".")[0]: cell for cell in cells(opened, "scores") if not cell["known"]}
        assert set(unanswered) == {"c5", "r5", "t3", "m6g"}
        grey = {unanswered[family]["fill"] for family in unanswered}
        assert len(grey) == 1, "no score is not a low score"
        assert not grey & {cell["fill"] for cell in scores_of_cells.values()}
        outlined = {family for family, cell in unanswered.items() if cell["stroke"]}
        assert outlined == {"c5", "r5", "t3"}, "that AWS answered without the pair is no trouble"
        opened.page.locator(f"#scores .role-mark.mark-rect path[fill='{grey.pop()}']").first.hover()
        opened.page.wait_for_selector("#vg-tooltip-element.visible")
        unknown = opened.page.locator("#vg-tooltip-element").inner_text()
        assert "null" not in unknown
        assert re.search(r"Placement score, mean\s+unknown", unknown), "not a low one either"
        refused = next(row for row in downloaded(opened, "scores") if row["instance"] == "c5.large")
        assert (refused["score"], refused["refused"], refused["waiting"]) == ("", "1", "0")

        shown = tooltip(opened, "calendar")
        assert (shown["Scores answered"], shown["Scores refused"]) == ("41.2%", "4")
        assert (shown["Scores failed"], shown["Scores waiting for a place"]) == ("3", "3")

        border = "element => getComputedStyle(element).borderLeftColor"
        cards = {card.locator("h3").inner_text(): card for card in opened.page.locator(".card").all()}
        wanting = {title.removesuffix(" · needs a look") for title in cards if title.endswith("needs a look")}
        assert wanting == {"Placement scores of 24 hours", "Coverage"}, "told in words, not by a colour alone"
        assert (
            cards["Placement scores of 24 hours · needs a look"].evaluate(border)
            == cards["Coverage · needs a look"].evaluate(border)
            == "rgb(179, 64, 30)"
        )
        assert cards["Quota of 24 hours"].evaluate(border) != "rgb(179, 64, 30)"

        band = tooltip(opened, "bands")
        assert (band["From"], band["To"]) == ("Sun 1 Mar 2026 00:00", "Sun 1 Mar 2026 13:30")
        bands = downloaded(opened, "bands")
        assert [row["from"][11:] for row in bands] == ["00:00", "13:30"]
        assert bands[-1]["to"] == "2026-03-01T13:40", "until the next poll is due, and no longer"
        assert opened.page.locator("#band_changes .caption").inner_text().startswith("1 change ")

        endings_of_probes = {row["ending"]: row["probes"] for row in downloaded(opened, "endings")}
        assert endings_of_probes == dict.fromkeys(
            ["all ready", "until fulfilled: all fulfilled", "stopped", "refused"], "1"
        )
        assert {row["probes"] for row in downloaded(opened, "readiness")} == {"1"}
        last = opened.page.locator("#last_probes tbody").inner_text()
        assert "2 of 2 fulfilled" in last
        assert "stopped" in last
        assert opened.complaints == []
        opened.screenshot("report-bad-day")


def test_what_has_not_been_measured_is_not_blamed_on_filters(browser: Browser, tmp_path: Path) -> None:
    poll(tmp_path, "23:20", ("m5.large", 3, 0, OK))
    with browser.open(page_of(tmp_path), DESKTOP) as opened:
        wait_until_drawn(opened)
        captions = {
            figure: opened.page.locator(f"#{figure} .caption").inner_text()
            for figure in MARKS
            if opened.page.locator(f"#{figure}.empty").count()
        }
        assert "No probe has been made yet within half an hour of a poll" in captions["share_by_score"]
        assert captions["ranking"] == "No day has been scored yet."
        assert [figure for figure, caption in captions.items() if "filters" in caption] == []
        assert opened.complaints == []


# In two halves: Chromium lets a page start no more than ten downloads in quick succession.
@pytest.mark.parametrize("figures", [list(MARKS)[:9], list(MARKS)[9:]], ids=["upper", "lower"])
def test_every_chart_has_its_rows_to_download(browser: Browser, fortnight: Path, figures: list[str]) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        assert [figure for figure in figures if not downloaded(opened, figure)] == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_page_without_data_says_so(browser: Browser, tmp_path: Path, width: int) -> None:
    with browser.open(page_of(tmp_path), width) as opened:
        wait_until_drawn(opened)
        assert "Nothing has been collected yet" in opened.page.locator(".lead").first.inner_text()
        assert opened.page.locator("figure.empty").count() == len(MARKS) + 1, "all charts, and the best pairs"
        assert opened.overflowing() == []
        assert opened.complaints == []
        opened.screenshot("report-empty")


def test_one_poll_makes_a_page(browser: Browser, tmp_path: Path) -> None:
    collected_year.write(tmp_path, days=1, polls=1, probes=1)
    page = page_of(tmp_path, datetime.fromisoformat("2026-03-01T00:08:00+09:00"))
    with browser.open(page, DESKTOP) as opened:
        wait_until_drawn(opened)
        assert "1 poll done of 1 due" in opened.page.locator("#calendar .caption").inner_text()
        assert "Sun 1 Mar" in labels(opened, "calendar")
        assert marks(opened, "scores") == 24
        assert opened.complaints == []
        opened.screenshot("report-one-poll")


def test_without_javascript_the_health_figures_are_still_shown(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, PHONE, scripts=False) as opened:
        assert "23:50" in opened.page.locator(".cards").inner_text()
        assert "need JavaScript" in opened.page.locator("noscript").inner_text()


def test_names_from_the_files_are_shown_and_never_run(browser: Browser, tmp_path: Path) -> None:
    time, image = "2026-03-01T10:00:00+09:00", "<img/src=x/onerror=window.taken=1>"
    write(tmp_path, polled.FILES, (time, image, HOSTILE, 5, 1, "ok", 10))
    csv_file.append(polls.FILE.path(tmp_path), polls.FILE.header, [(time, 1, 0, 1, 0.5, 0, 0)])
    write(tmp_path, scores.FILES, (image, HOSTILE, 1, 0, 0.33))
    write(tmp_path, looks.FILES, (image, HOSTILE, 2, time, "2026-03-01T10:01:00+09:00", 1, 2, 2))
    request = {"region": image, "instance": HOSTILE, "request_time": time, "outcome": f"{image} {HOSTILE}"}
    write(tmp_path, instances.FILES, [request.get(name) for name in instances.FILES.header])
    write(tmp_path, journal.FILES, (time, "intended", "t", "us-east-1", HOSTILE, 2, "", ""))
    with browser.open(page_of(tmp_path), DESKTOP) as opened:
        wait_until_drawn(opened)
        assert opened.page.evaluate("window.taken") is None
        assert HOSTILE in opened.page.locator("#ranking tbody").inner_text()
        assert HOSTILE in opened.page.locator("#health ~ .warning").first.inner_text()
        assert tooltip(opened, "scores")["Pair"] == f"{HOSTILE} · {image}"
        assert opened.page.locator("#vg-tooltip-element img").count() == 0
        assert downloaded(opened, "ranking")[0]["instance"] == HOSTILE
        assert (opened.complaints, opened.requests) == ([], [])


def test_rows_that_make_no_sense_are_named_at_the_foot(browser: Browser, tmp_path: Path) -> None:
    collected_year.write(tmp_path, days=1, probes=6)
    for path in (polled.FILES.path(tmp_path, DAY), polls.FILE.path(tmp_path)):
        with path.open("ab") as file:
            file.write(b"what,is,this\n\xff\xfe\n,,,,,\x00\ntorn,li")
    with browser.open(page_of(tmp_path), DESKTOP) as opened:
        wait_until_drawn(opened)
        foot = opened.page.locator("footer").inner_text()
        assert "sps_and_if/2026-03-01.csv: rows that make no sense were passed over: 3" in foot
        assert "data/polls.csv: rows that make no sense were passed over: 3" in foot
        assert marks(opened, "scores") > 24
        assert opened.complaints == []
