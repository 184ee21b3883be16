"""The last resort: a run that hangs is ended, and says so."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from common.time_limit import TimeLimit, time_limit

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import os, threading
from pathlib import Path
from common.clock import Clock
from common.exit_code import leave
from common.run_log import start_log
from common.time_limit import time_limit
def main():
    start_log(Path({log!r}), Clock.start().started)
    with time_limit(0.3, last_words=lambda: ["two probes are open"]):
        {hang}
    return 0
leave(main)
"""


@pytest.mark.whole_run
@pytest.mark.parametrize(
    "hang",
    [
        "threading.Event().wait()",
        "os.read(os.pipe()[0], 1)",
        "import logging; logging.getLogger().handlers[0].acquire(); threading.Event().wait()",
    ],
)
def test_a_run_that_hangs_is_ended_with_what_is_open_and_code_1(hang: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(log=str(tmp_path), hang=hang)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    told, last_word = ended.stderr.splitlines()
    assert "not over within 0.3 s" in told
    assert last_word.endswith("two probes are open")
    (log,) = tmp_path.glob("*.log")
    assert ("thread MainThread is in" in log.read_text()) == ("logging" not in hang)


def test_a_run_that_is_over_in_time_goes_on() -> None:
    with time_limit(0.05) as limit:
        assert 0 < limit.seconds_left() <= 0.05
    time.sleep(0.1)
    assert limit.seconds_left() < 0
    assert TimeLimit().seconds_left() > 1e9
