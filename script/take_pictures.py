"""Take the README's pictures anew from what script/demo left: python -m script.take_pictures (needs Chromium)."""

import shutil
from pathlib import Path

import playwright.sync_api as playwright

_ROOT = Path(__file__).resolve().parent.parent
_OUTPUT = _ROOT / "demo_output"
_PICTURES = _ROOT / "pictures"


def main() -> None:
    """Photograph the page and the mail, and copy the readiness curve."""
    (mail,) = (_OUTPUT / "mail").glob("*/message.html")
    with playwright.sync_playwright() as steered:
        browser = steered.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        _take(browser, _OUTPUT / "report" / "index.html", _PICTURES / "report.png", 1280, 1560)
        _take(browser, mail, _PICTURES / "mail.png", 400, 1500)
        browser.close()
    shutil.copy(_OUTPUT / "readiness.png", _PICTURES / "readiness.png")


def _take(browser: playwright.Browser, page: Path, picture: Path, width: int, height: int) -> None:
    seen = browser.new_page(viewport={"width": width, "height": height})
    seen.goto(page.as_uri())
    seen.wait_for_timeout(3000)
    seen.screenshot(path=picture)


if __name__ == "__main__":
    main()
