"""The bootstrap's command, run as people and cron run it."""

import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.collect_sps_and_if.spotlake.archives import csv_bytes, row, snapshots, write, write_all
from tests.collect_sps_and_if.spotlake.reference import reference_scores
from tests.program import ROOT, no_longer_than

pytestmark = pytest.mark.whole_run

SCRIPT = ROOT / "collect_sps_and_if" / "score_by_spotlake_data.py"
HEADER = "region,instance,sps_changes,if_changes,score\n"


def bootstrap(*arguments: object, cwd: Path = ROOT, as_module: bool = False) -> subprocess.CompletedProcess[str]:
    how = ["-m", "collect_sps_and_if.score_by_spotlake_data"] if as_module else [str(SCRIPT)]
    command = [sys.executable, *how, *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL
    )


def result(home: Path) -> Path:
    return home / "collect_sps_and_if/data/init_score.csv"


@pytest.mark.parametrize("as_module", [False, True])
def test_it_writes_the_scores_of_the_reference_and_prints_nothing(as_module: bool, home: Path, tmp_path: Path) -> None:
    made = snapshots(200)
    ended = bootstrap(write_all(tmp_path / "archive", made), "--workers", 2, as_module=as_module)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    expected = reference_scores((time, row) for time, rows in made for row in rows)
    assert result(home).read_text() == HEADER + "".join(f"{','.join(map(str, row))}\n" for row in expected)


def test_it_needs_no_folder_for_temporary_files(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = write_all(tmp_path / "archive", snapshots(40))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    assert bootstrap(archive, "--workers", 2).returncode == 0
    assert bootstrap(tmp_path / "nothing", "--workers", 2).returncode == 2
    assert not (tmp_path / "nowhere").exists()


def test_it_works_from_anywhere(home: Path, tmp_path: Path) -> None:
    write_all(tmp_path / "elsewhere" / "spot_dataset" / "aws", snapshots(40))
    ended = bootstrap("--workers", 2, cwd=tmp_path / "elsewhere")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert result(home).exists()


def test_a_file_beside_the_score_says_what_it_is_made_of(home: Path, tmp_path: Path) -> None:
    made = snapshots(150)
    del made[20]
    write_all(tmp_path / "archive", made)
    broken = write(tmp_path / "archive", "2025-01-03 00:00:00", b"", "plain")
    ended = bootstrap(tmp_path / "archive", "--workers", 1)
    assert ended.returncode == 1
    assert ended.stderr == f"score_by_spotlake_data: skipped 1 file, empty: {broken}\n"
    provenance = json.loads(result(home).with_suffix(".json").read_text())
    assert provenance["skipped"] == [{"file": str(broken), "why": "empty"}]
    counts = {
        name: provenance[name] for name in ("files_read", "files_skipped", "snapshots", "snapshots_missing", "days")
    }
    assert counts == {"files_read": 149, "files_skipped": 1, "snapshots": 149, "snapshots_missing": 139, "days": 2}
    assert (provenance["first_day"], provenance["last_day"]) == ("2025-01-01", "2025-01-02")
    assert provenance["rows"] == sum(len(rows) for _, rows in made)


def test_where_nothing_can_be_read_the_old_result_is_kept_and_a_line_says_so(home: Path) -> None:
    result(home).parent.mkdir(parents=True)
    result(home).write_text("old")
    with tempfile.TemporaryDirectory() as short:  # a line is cut where it gets too long
        (Path(short) / "x.csv").write_text("")
        ended = bootstrap(Path(short) / "x.csv", "--workers", 1)
    assert ended.returncode == 2
    assert "no snapshot could be read" in ended.stderr
    assert "CC BY-NC 4.0" in ended.stderr
    assert result(home).read_text() == "old"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--workers", "0"],
        ["--workers", "many"],
        ["--from", "yesterday"],
        ["--from", "2025-01-02", "--to", "2025-01-01"],
        ["--scheduler", "nonsense"],
        ["--nonsense"],
        ["s3://"],
    ],
)
def test_senseless_arguments_are_refused_without_a_traceback(arguments: list[str], home: Path) -> None:
    ended = bootstrap(*arguments)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip()
    assert not result(home).exists()


def test_only_the_days_from_and_to_are_read(home: Path, tmp_path: Path) -> None:
    write_all(tmp_path / "archive", snapshots(500))
    ended = bootstrap(tmp_path / "archive", "--from", "2025-01-02", "--to", "2025-01-03", "--workers", 1)
    assert ended.returncode == 0
    provenance = json.loads(result(home).with_suffix(".json").read_text())
    assert (provenance["first_day"], provenance["last_day"], provenance["files_read"]) == (
        "2025-01-02",
        "2025-01-03",
        288,
    )


def test_help_says_where_the_data_is_and_what_its_licence_is() -> None:
    text = bootstrap("--help").stdout
    assert "s3://spotlake-open-data/data/aws" in text
    assert "CC BY-NC 4.0" in text


def test_a_second_run_at_the_same_time_leaves_with_75(home: Path, tmp_path: Path) -> None:
    from common.files.run_lock import run_lock

    write_all(tmp_path / "archive", snapshots(3))
    with run_lock(result(home).with_name("init_score.lock")):
        assert bootstrap(tmp_path / "archive").returncode == 75


@pytest.fixture
def slow_archive(tmp_path: Path) -> Path:
    """An archive that takes several seconds to read."""
    pools = [(f"m{n}.large", "us-east-1", f"use1-az{n % 6}") for n in range(3000)]
    time_of = [moment for moment, _ in snapshots(600, pools=())]
    content = csv_bytes([row(pool, 3, 1.0, "") for pool in pools], ["InstanceType", "Region", "AZ", "SPS", "IF"])
    for moment in time_of:
        write(tmp_path / "archive", moment, content.replace(b"\n", b"\r\n"))  # which the fast reader leaves to Arrow
    return tmp_path / "archive"


def started(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *map(str, arguments)], text=True, start_new_session=True, **options
    )


def descendants_of(program: subprocess.Popen[str], *, at_least: int) -> list[Any]:
    """Wait until a program has so many descendants, and give them: the first forks workers, which are the others."""
    with no_longer_than(60):
        found: list[Any] = []
        while len(found) < at_least:
            assert program.poll() is None
            time.sleep(0.02)
            found = psutil.Process(program.pid).children(recursive=True)
    return found


@pytest.mark.parametrize("descendants", [1, 3], ids=["while workers start", "while they work"])
def test_ctrl_c_leaves_the_old_result_in_place_and_no_process_behind(
    descendants: int, home: Path, slow_archive: Path
) -> None:
    result(home).parent.mkdir(parents=True)
    result(home).write_text("old")
    program = started(slow_archive, "--workers", 2, stderr=subprocess.PIPE)
    found = descendants_of(program, at_least=descendants)
    os.killpg(program.pid, signal.SIGINT)
    _, stderr = program.communicate(timeout=30)
    assert program.returncode == 1
    assert stderr == "score_by_spotlake_data: interrupted: the first score is as it was before\n"
    assert result(home).read_text() == "old"
    assert psutil.wait_procs(found, timeout=20)[1] == []
    assert not list(result(home).parent.glob(".*"))


INTERRUPTED = """
import os, runpy, signal, sys

script, moment = sys.argv[1], int(sys.argv.pop(2))
calls = 0


def count(frame, event, _):
    global calls
    if event == "call" and script.rpartition("/")[0] in frame.f_code.co_filename and frame.f_code.co_name != "<module>":
        calls += 1
        if calls == moment:
            os.killpg(0, signal.SIGINT)
        os.write(1, b".")


del sys.argv[0]
sys.setprofile(count)
runpy.run_path(script, run_name="__main__")
"""


def run_and_interrupt(moment: int, archive: Path) -> tuple[int, str, str]:
    """Run the program, with Ctrl-C at the n-th call of a function (0: never); it writes a dot for each call."""
    program = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(SCRIPT), str(moment), str(archive), "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=ROOT,
    )
    stdout, stderr = program.communicate(timeout=60)  # which also ends no sooner than all processes that write there
    return program.returncode, stdout, stderr


def test_ctrl_c_at_any_moment_ends_it_and_leaves_nothing_behind(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = write_all(tmp_path / "archive", snapshots(100))
    (temporary := home / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    _, dots, _ = run_and_interrupt(0, archive)
    whole = result(home).read_text()
    result(home).write_text("old")
    for moment in sorted({*range(2, 12), *range(12, len(dots), len(dots) // 15)}):
        code, _, stderr = run_and_interrupt(moment, archive)
        assert (code, stderr.count("\n"), "interrupted" in stderr) in {(1, 1, True), (0, 0, False)}, (moment, stderr)
        assert result(home).read_text() in ("old", whole)
        assert os.listdir(temporary) == []
        assert not list(result(home).parent.glob(".*"))


def test_no_process_and_no_temporary_file_is_left_when_the_program_is_killed(
    home: Path, slow_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (temporary := home / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    program = started(slow_archive, "--workers", 2, stderr=subprocess.DEVNULL)
    found = descendants_of(program, at_least=3)
    program.kill()
    program.wait()
    assert psutil.wait_procs(found, timeout=20)[1] == []
    assert os.listdir(temporary) == []


def test_on_a_terminal_it_shows_progress_and_a_summary(home: Path, tmp_path: Path) -> None:
    write_all(tmp_path / "archive", snapshots(144))
    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    program = started(tmp_path / "archive", "--workers", 1, stdout=terminal, stderr=terminal)
    os.close(terminal)
    shown = ""
    with no_longer_than(60):
        while True:
            try:
                shown += os.read(ours, 4096).decode()
            except OSError:  # the program closed its side
                break
    assert program.wait() == 0
    assert "SpotLake: " in shown
    assert "/144" in shown
    assert "3 pairs scored from 1 days: 144 snapshots (0 missing), 144 files" in shown


def test_a_file_whose_name_is_not_text_is_named_and_costs_no_other_file(home: Path, tmp_path: Path) -> None:
    archive = write_all(tmp_path / "archive", snapshots(20))
    Path(os.fsdecode(os.fsencode(archive) + b"/\xff\xfe.csv")).write_bytes(b"x")
    ended = bootstrap(archive, "--workers", 1, "--to", "9999-12-31")
    assert ended.returncode == 1
    assert ended.stderr == (
        "score_by_spotlake_data: skipped 1 file, wrong header: no Region, InstanceType, AZ, SPS, IF: "
        f"{archive}/\\xff\\xfe.csv\n"
    )
    assert len(json.loads(result(home).with_suffix(".json").read_text())["skipped"]) == 1


def test_where_no_row_names_a_pool_the_old_result_is_kept(home: Path, tmp_path: Path) -> None:
    result(home).parent.mkdir(parents=True)
    result(home).write_text("as it was")
    write(tmp_path / "archive", "2025-01-01 00:00:00", csv_bytes([row(("", "", ""), 1, 1.0, "2025-01-01 00:00:00")]))
    ended = bootstrap(tmp_path / "archive", "--workers", 1)
    assert (ended.returncode, ended.stderr.count("\n"), result(home).read_text()) == (2, 1, "as it was")
