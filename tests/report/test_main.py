"""`python -m report`: quiet under cron, whole or not at all, and one line for people where something is wrong."""

from pathlib import Path

from benchmarks import collected_year
from common.files.run_lock import run_lock
from tests.program import run

NIGHT = {"SPOT_NOW": "2026-03-01T23:56:00+09:00"}


def test_writes_the_page_and_says_nothing_under_cron(home: Path) -> None:
    collected_year.write(home, days=2, probes=6)
    ended = run("report", environment=NIGHT)
    assert (ended.code, ended.stdout, ended.stderr) == (0, "", "")
    assert (home / "report" / "index.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in (home / "report").glob(".*")] == []


def test_makes_a_page_of_nothing(home: Path) -> None:
    assert run("report", environment=NIGHT).code == 0
    assert "Nothing has been collected yet" in (home / "report" / "index.html").read_text(encoding="utf-8")


def test_a_wrong_setting_or_argument_is_one_line_and_leaves_the_page_alone(home: Path) -> None:
    for arguments, environment in ((), {"SPOT_TIMEOUT": "soon"}), (("--date", "today"), {}):
        ended = run("report", *arguments, environment=environment)
        assert ended.code == 2
        assert "Traceback" not in ended.stderr
    assert not (home / "report" / "index.html").exists()


def test_helps_even_where_a_setting_is_wrong(home: Path) -> None:
    ended = run("report", "--help", environment={"SPOT_TIMEOUT": "soon"})
    assert ended.code == 0
    assert "index.html" in ended.stdout


def test_a_page_that_cannot_be_written_leaves_with_1(home: Path) -> None:
    (home / "report" / "index.html").mkdir(parents=True)
    ended = run("report", environment=NIGHT)
    assert ended.code == 1
    assert ended.stderr.count("\n") == 1
    assert [path.name for path in (home / "report").glob(".*")] == []


def test_leaves_at_once_when_another_run_writes_the_page(home: Path) -> None:
    with run_lock(home / "report" / "data" / "report.lock"):
        ended = run("report", environment=NIGHT)
    assert ended.code == 75
    assert ended.stderr.count("\n") == 1
