import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
from common.exit_code import *
def main():
    {body}
leave(main)
"""


def _run(body: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(body=body)],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("return DONE", 0, ""),
        ("return IN_PART", 1, ""),
        ("raise Refusal('REGIONS is\\nwrong')", 2, "REGIONS is wrong"),
        ("raise Locked('another run')", 75, "another run"),
        ("raise Unwritable('disk full')", 1, "disk full"),
        ("raise KeyboardInterrupt", 1, "interrupted"),
        ("open('/nowhere/at/all')", 1, "No such file or directory: /nowhere/at/all"),
        ("raise ZeroDivisionError('x')", 1, "a defect of this program: ZeroDivisionError: x"),
        ("import argparse; argparse.ArgumentParser('p').error('bad')", 2, "bad"),
    ],
)
def test_each_end_has_its_code_and_at_most_one_line(body: str, code: int, said: str) -> None:
    run = _run(body)
    assert run.returncode == code
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert len([line for line in run.stderr.splitlines() if not line.startswith("usage:")]) == bool(said)


def test_a_thread_that_still_waits_does_not_hold_the_process() -> None:
    assert _run("import threading; threading.Thread(target=threading.Event().wait).start(); return 0").returncode == 0
