"""Write HOME/report/index.html: one page of all that has been collected, to open from disk in any browser.

The page holds its charts, filters and data, and needs no network. Every run replaces it.
"""

import argparse
import ctypes
import gc
import logging
import sys
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common.clock import Clock
from common.command_line import CommandLine
from common.exit_code import DONE, leave
from common.files import durable_file
from common.files.run_lock import run_lock
from common.run_log import start_log
from common.terminal import say_on_terminal

log = logging.getLogger(__name__)


def main() -> int:
    """Gather, draw, and put the page in place."""
    CommandLine(
        prog="python -m report", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    import configs  # after the arguments: --help answers even where a setting is wrong

    clock = Clock.start()
    folder: Path = configs.HOME / "report"
    start_log(folder / "log", clock.now())
    with run_lock(folder / "data" / "report.lock"):
        page = _page(clock, folder / "cache")
        durable_file.replace(folder / "index.html", page)
    log.info("%s: %.1f MB", folder / "index.html", len(page) / 1e6)
    say_on_terminal(f"{folder / 'index.html'}: {len(page) / 1e6:.1f} MB")
    return DONE


def _page(clock: Clock, cache: Path) -> str:
    import configs
    from report.gather.everything import gather_collected
    from report.gather.kept.summaries import KeptSummaries
    from report.page import render_page

    _keep_freed_memory()
    gc.disable()  # nothing that pages are made of refers to itself; to look for such takes a twentieth of the CPU
    kept = KeptSummaries(cache, configs.HOME)
    return render_page(gather_collected(configs.HOME, clock.now(), configs.health_settings(), kept))


def _keep_freed_memory() -> None:
    """Let glibc keep up to 128 MB that are freed: each file's arrays take the place of the last one's.

    Else it gives them back to the system and asks for them anew, thousands of pages a file: a third of the CPU.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        trim_threshold, mmap_threshold = -1, -3  # malloc.h
        mallopt(trim_threshold, 128 << 20)
        mallopt(mmap_threshold, 32 << 20)


if __name__ == "__main__":
    leave(main)
