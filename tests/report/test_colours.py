"""The page's colours tell apart what they stand for, light and dark, whatever kind of cones the reader's eyes lack."""

import base64
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from report.charts.theme import PALETTES
from tests.browser import DESKTOP, Browser, OpenPage
from tests.program import ROOT
from tests.report.colour_vision import SIGHTS, distance, rgb
from tests.report.opened import wait_until_drawn

_CSS = (ROOT / "report" / "page" / "style.css").read_text(encoding="utf-8")
_DARK = "@media (prefers-color-scheme: dark)"

# CIE's delta E. Steps that are to be named by their colour, and those of a ramp that only goes from less to more.
NAMED, STEP, FROM_PAPER = 18, 8, 10


def colours(scheme: str) -> dict[str, list[str]]:
    """Read the style sheet's colours of a scheme, by name."""
    light, dark = _CSS.split(_DARK)
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6}(?: #[0-9a-f]{6})*);", light if scheme == "light" else dark)
    return {name: text.split() for name, text in found}


def between(pairs: Iterator[tuple[str, str]], sight: str) -> float:
    return min(distance(rgb(one), rgb(other), sight) for one, other in pairs)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neighbours_on_every_scale_are_told_apart(scheme: str, sight: str) -> None:
    found = colours(scheme)
    for name in ("heatmap", "ordinal"):
        assert between(pairwise(found[name]), sight) >= NAMED, name
    assert between(pairwise(found["ramp"]), sight) >= STEP
    assert between(pairwise(found["diverging"]), sight) >= 15
    below, _, _, _, above = found["diverging"]
    assert distance(rgb(below), rgb(above), sight) >= 40, "dearer is not cheaper"
    assert between(combinations(found["category"], 2), sight) >= 30


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_not_known_looks_like_no_value_and_every_value_stands_out_from_the_paper(
    scheme: str, sight: str
) -> None:
    found = colours(scheme)
    (paper,), (unknown,) = found["paper"], found["unknown"]
    for name in ("heatmap", "ramp"):
        assert min(distance(rgb(unknown), rgb(colour), sight) for colour in found[name]) >= 10, name
    for name in (*PALETTES, "unknown"):
        assert min(distance(rgb(paper), rgb(colour), sight) for colour in found[name]) >= FROM_PAPER, name


def test_the_distance_of_colours_is_that_of_cie_1976() -> None:
    assert distance(rgb("#ffffff"), rgb("#000000")) == pytest.approx(100, abs=0.1)
    assert distance(rgb("#ff0000"), rgb("#00ff00")) == pytest.approx(170.6, abs=0.5)
    red, green = rgb("#b00000"), rgb("#006e00")
    assert distance(red, green, "deuteranopia") < 0.5 * distance(red, green)


def seen(opened: OpenPage, figure: str, field: str) -> dict[str, NDArray[np.float64]]:
    """Give the colour on the screen of each value of a field, from the middle of one of a chart's rectangles."""
    drawn = opened.page.locator(f"#{figure}")
    script = f"""figure => [...figure.querySelectorAll(".role-mark.mark-rect path")].map(path => {{
        const box = path.getBoundingClientRect(), whole = figure.getBoundingClientRect();
        return [path.__data__.datum.{field}, box.x + box.width / 2 - whole.x, box.y + box.height / 2 - whole.y];
    }})"""
    places = {str(value): (x, y) for value, x, y in drawn.evaluate(script)}
    shot = drawn.screenshot()
    read = """async ([picture, places]) => {
        const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
        context.drawImage(bitmap, 0, 0);
        return places.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
    }"""
    found = opened.page.evaluate(read, [base64.b64encode(shot).decode(), list(places.values())])
    return {value: np.array(colour) / 255 for value, colour in zip(places, found, strict=True)}


@pytest.mark.browser
def test_bands_and_directions_on_the_screen_are_told_apart_as_chromium_shows_them(
    subtests: pytest.Subtests, browser: Browser, fortnight: Path
) -> None:
    with browser.open(fortnight, DESKTOP) as opened:
        wait_until_drawn(opened)
        usual = seen(opened, "band_shares", "band")
        assert sorted(usual) == ["0", "1", "2", "3", "4"]
        steered = opened.page.context.new_cdp_session(opened.page)
        for sight in ("protanopia", "deuteranopia", "tritanopia"):
            with subtests.test(sight):
                steered.send("Emulation.setEmulatedVisionDeficiency", {"type": sight})
                bands = seen(opened, "band_shares", "band")
                assert max(distance(bands[band], usual[band]) for band in bands) > 10, "as others see them"
                assert min(distance(bands[one], bands[other]) for one, other in pairwise(sorted(bands))) >= NAMED
                one, other = seen(opened, "band_changes", "direction").values()
                assert distance(one, other) >= 30
