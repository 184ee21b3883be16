"""Open our pages in a real browser: this machine's Chromium, headless, driven by Playwright, without a network.

def test_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    with browser.open(tmp_path / "page.html", width=PHONE) as opened:
        assert not opened.overflowing()
        opened.screenshot("page")          # test_artefacts/page-390.png
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import playwright.sync_api as playwright

ARTEFACTS = Path(__file__).resolve().parent.parent / "test_artefacts"
PHONE = 390
DESKTOP = 1440

# Far from the collector's time zone and from UTC, so that a time shown by the reader's clock is another than collected.
TIME_ZONE = "America/Los_Angeles"

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
  const isInScrollingBox = element => {
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement)
      if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(parent).overflowX)) return true;
    return false;
  };
  if (document.documentElement.scrollWidth > width)
    found.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width} px`);
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !isInScrollingBox(element))
      found.push(`<${element.tagName.toLowerCase()} class="${element.className}"> ends at ${Math.round(box.right)} px: `
                 + (element.textContent || '').trim().slice(0, 60));
  }
  return found;
}"""


@dataclass
class OpenPage:
    """A page open in the browser; the addresses it tried to load, and its errors and warnings."""

    page: playwright.Page
    width: int
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def overflowing(self) -> list[str]:
        """Name the elements that reach beyond the window's right edge, unless they are in a box that scrolls."""
        return [str(line) for line in self.page.evaluate(_OVERFLOWING)]

    def screenshot(self, name: str) -> Path:
        """Save the whole page as test_artefacts/<name>-<width>.png, for people to look at."""
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"{name}-{self.width}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


@dataclass(frozen=True)
class Browser:
    """A running Chromium that opens files from disk and nothing else."""

    chromium: playwright.Browser

    @contextmanager
    def open(self, file: Path, width: int, *, scripts: bool = True) -> Iterator[OpenPage]:
        """Open a file in a window that many pixels wide. Requests to the network are refused."""
        is_phone = width <= PHONE
        context = self.chromium.new_context(
            viewport={"width": width, "height": _HEIGHT.get(width, 900)},
            device_scale_factor=2 if is_phone else 1,
            is_mobile=is_phone,
            java_script_enabled=scripts,
            timezone_id=TIME_ZONE,
        )
        try:
            opened = OpenPage(context.new_page(), width)
            _record(context, opened)
            opened.page.goto(file.resolve().as_uri(), wait_until="load")
            yield opened
        finally:
            context.close()


def _record(context: playwright.BrowserContext, opened: OpenPage) -> None:
    def take(message: playwright.ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            opened.complaints.append(message.text)

    def refuse(route: playwright.Route) -> None:
        opened.requests.append(route.request.url)
        route.abort()

    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("console", take)
    context.route(lambda url: not url.startswith(("file:", "data:", "blob:")), refuse)


def find_chromium() -> str | None:
    """Give the path of this machine's Chromium, None if there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def start(path: str) -> Iterator[Browser]:
    """Run the Chromium at path until the context ends."""
    # Chromium keeps crash reports and settings in the home folder, which is not the tests' to write to.
    folders = {"HOME": str(ARTEFACTS / "home"), "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=path, args=_FLAGS, env={**os.environ, **folders})
        try:
            yield Browser(chromium)
        finally:
            chromium.close()
