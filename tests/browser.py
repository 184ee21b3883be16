"""A real browser for the pages we make: Debian's Chromium, headless, steered by Playwright, cut off from the network.

from tests.browser import Browser, browser  # noqa: F401 - a fixture

def test_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    with browser.look(tmp_path / "page.html", width=390) as seen:
        assert not seen.overflowing()
        seen.picture("page")          # test_artefacts/page-390.png
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import playwright.sync_api as playwright
import pytest

ARTEFACTS = Path(__file__).resolve().parent.parent / "test_artefacts"
PHONE = 390
DESKTOP = 1440

_HEIGHT = {PHONE: 844, DESKTOP: 900}
_FLAGS = [
    "--no-sandbox",  # tests may run as root in a container, where the sandbox cannot be set up
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
# Elements that end right of the window, and text cut off by its own box; each as a line for the failing test.
_OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth, found = [];
  const scrolls = e => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return true;
    return false;
  };
  if (document.documentElement.scrollWidth > width)
    found.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width} px`);
  for (const e of document.body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !scrolls(e))
      found.push(`<${e.tagName.toLowerCase()} class="${e.className}"> ends at ${Math.round(box.right)} px: `
                 + (e.textContent || '').trim().slice(0, 60));
  }
  return found;
}"""


@dataclass
class Seen:
    """A page open in the browser, and what it did that a page on disk should not."""

    page: playwright.Page
    width: int
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def overflowing(self) -> list[str]:
        """Name what sticks out of the window to the right, unless it lies in a box that scrolls by itself."""
        return [str(line) for line in self.page.evaluate(_OVERFLOWING)]

    def picture(self, name: str) -> Path:
        """Save the whole page as test_artefacts/<name>-<width>.png, for people to look at."""
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"{name}-{self.width}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


@dataclass(frozen=True)
class Browser:
    """A running Chromium that opens files from disk and nothing else."""

    chromium: playwright.Browser

    @contextlib.contextmanager
    def look(self, file: Path, width: int, *, scripts: bool = True) -> Iterator[Seen]:
        """Open a file in a window of that many pixels; requests to anywhere are refused and noted, as are errors."""
        is_phone = width <= PHONE
        context = self.chromium.new_context(
            viewport={"width": width, "height": _HEIGHT.get(width, 900)},
            device_scale_factor=2 if is_phone else 1,
            is_mobile=is_phone,
            java_script_enabled=scripts,
        )
        try:
            seen = Seen(context.new_page(), width)
            seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
            seen.page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)

            def refuse(route: playwright.Route) -> None:
                seen.requests.append(route.request.url)
                route.abort()

            context.route(lambda url: not url.startswith(("file:", "data:", "blob:")), refuse)
            seen.page.goto(file.resolve().as_uri(), wait_until="load")
            yield seen
        finally:
            context.close()


# For a module, not for the session: while it runs, Playwright keeps an event loop in this thread, and other modules'
# tests may want one of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for a module's tests; without one on this machine they are skipped, and say so."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("no Chromium on this machine: apt-get install chromium, or set CHROMIUM to its path")
    # Chromium keeps crash reports and settings in the home folder, which is not the tests' to write to.
    at_home = {"HOME": str(ARTEFACTS / "home"), "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=path, args=_FLAGS, env={**os.environ, **at_home})
        try:
            yield Browser(chromium)
        finally:
            chromium.close()
