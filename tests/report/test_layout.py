"""The page where there is little room: on a phone, and on paper."""

import re
from pathlib import Path

import pytest

from report.answers import PAIR_COLUMNS
from tests.browser import DESKTOP, PHONE, Browser
from tests.report.opened import downloaded, wait_until_drawn

pytestmark = pytest.mark.browser

SIDEWAYS = """() => [...document.body.querySelectorAll('*')].filter(element =>
    element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
    && ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)).map(element => element.className)"""


CUT_OFF = """() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].filter(text => {
        const own = text.getBoundingClientRect();
        return own.width && (own.right > box.right + 1 || own.left < box.left - 1 || own.bottom > box.bottom + 1
            || own.top < box.top - 1);
    }).map(text => `${svg.closest('figure').id}: ${text.textContent}`);
})"""


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_word_of_a_chart_is_cut_off(browser: Browser, fortnight: Path, width: int) -> None:
    with browser.open(fortnight, width) as opened:
        wait_until_drawn(opened)
        assert opened.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("width", [PHONE, 650, 768])
def test_the_best_pairs_fit_without_scrolling_sideways_and_nothing_of_them_is_left_out(
    browser: Browser, fortnight: Path, width: int
) -> None:
    with browser.open(fortnight, width) as opened:
        wait_until_drawn(opened)
        assert opened.overflowing() == []
        assert opened.page.evaluate(SIDEWAYS) == []
        cells = opened.page.locator("#answers tbody tr").first.locator("td").all()
        assert len(cells) == len(PAIR_COLUMNS)
        assert all(cell.is_visible() for cell in cells)
        if width == PHONE:
            shown = [cell.evaluate("cell => getComputedStyle(cell, '::before').content.slice(1, -1)") for cell in cells]
            assert shown[1:] == list(PAIR_COLUMNS[1:]), "each figure has its name beside it"
        assert opened.complaints == []


def test_one_number_of_pairs_stands_beside_each_thing_that_it_counts(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)

        def counts() -> list[int]:
            said = opened.page.locator("#filters output").inner_text()
            told = re.match(r"([\d,]+) of ([\d,]+) pairs polled in the last 24 hours; ([\d,]+) of ([\d,]+) known", said)
            assert told, said
            return [int(number.replace(",", "")) for number in told.groups()]

        polled, all_polled, known, all_known = counts()
        assert (polled, known) == (all_polled, all_known)
        assert (
            f" of {polled} pairs polled in the last 24 hours" in opened.page.locator("#answers .caption").inner_text()
        )
        assert len(downloaded(opened, "answers")) == polled
        bands = len({(row["instance"], row["region"]) for row in downloaded(opened, "bands")})
        assert f" of {bands:,} pairs with a known frequency" in opened.page.locator("#bands .caption").inner_text()
        assert bands <= known
        wait_until_drawn(opened, lambda: opened.page.select_option("[name=region]", "us-west-2"))
        chosen = counts()
        assert chosen[0] == len(downloaded(opened, "answers")) < all_polled
        assert chosen[2] < known
        assert (chosen[1], chosen[3]) == (all_polled, all_known)


LOOK = """() => {
    const label = document.querySelector('#scores .role-axis-label text');
    if (!label) return null;  // about to be drawn anew
    const width = document.querySelector('#scores svg').getAttribute('width');
    return [getComputedStyle(document.documentElement).getPropertyValue('--muted'), label.getAttribute('fill'), +width];
}"""


def test_a_dark_page_is_printed_light_and_as_wide_as_the_paper(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened, lambda: opened.page.emulate_media(color_scheme="dark"))
        dark = opened.page.evaluate(LOOK)
        opened.page.evaluate(f"addEventListener('beforeprint', () => {{ window.printed = ({LOOK})(); }})")
        opened.page.evaluate("document.querySelector('#readiness').scrollIntoView()")
        wait_until_drawn(opened, lambda: opened.page.pdf(format="A4"))
        muted, fill, width = opened.page.evaluate("window.printed")
        assert muted == fill == "#5b6470"
        assert width <= 700 < dark[2]
        # As it was afterwards. Paper's width makes the browser resize the page, too, which draws it once more.
        opened.page.wait_for_function(f"dark => JSON.stringify(({LOOK})()) === JSON.stringify(dark)", arg=dark)
        assert opened.complaints == []


BEYOND_THE_EDGE = """() => {
    const edge = document.body.getBoundingClientRect().right + 1;
    return [...document.body.querySelectorAll('table, svg, .card')]
        .filter(element => element.getBoundingClientRect().right > edge).map(element => element.outerHTML.slice(0, 80));
}"""


def test_nothing_is_cut_off_on_paper(browser: Browser, fortnight: Path) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        opened.page.emulate_media(media="print")
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        too_wide = opened.page.evaluate(BEYOND_THE_EDGE)
        assert too_wide == []
        assert opened.page.evaluate(CUT_OFF) == []
        assert not opened.page.locator("#filters").is_visible()
        opened.screenshot("report-print")
