import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
from common.errors import *
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


@pytest.mark.parametrize(("end", "level"), [("Refusal", "ERROR"), ("Locked", "WARNING"), ("Unwritable", "WARNING")])
def test_why_a_run_left_stands_in_its_log_too_as_an_error_if_a_person_must_mend_it(
    end: str, level: str, tmp_path: Path
) -> None:
    imports = "from pathlib import Path; from common.clock import Clock; from common.run_log import start_log"
    begin = f"{imports}; start_log(Path({str(tmp_path)!r}), Clock.start().started)"
    _run(f"{begin}; raise {end}('for this reason')")
    (log,) = tmp_path.glob("*.log")
    assert log.read_text().count(f"{level} told.spot: for this reason") == 1


def test_a_secret_in_the_reason_is_blacked_out() -> None:
    assert "hunter2" not in _run("raise OSError('password=hunter2')").stderr


def test_closed_streams_cost_nothing() -> None:
    program = "from common import run_log, terminal; terminal.say_on_terminal('1'); terminal.print_result('2')"
    program += "; run_log.tell_on_stderr('3')"
    code = f"from common.exit_code import leave\ndef main():\n    {program}\n    return 0\nleave(main)"
    ended = subprocess.run(["bash", "-c", '"$0" -c "$1" >&- 2>&-', sys.executable, code], cwd=ROOT, check=False)
    assert ended.returncode == 0
