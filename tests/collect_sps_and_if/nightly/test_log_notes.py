"""What the day's logs warned of, told once for what is alike."""

import logging
from datetime import date, datetime
from pathlib import Path

from collect_sps_and_if.nightly.log_notes import log_notes
from common.run_log import start_log, tell_on_stderr

DAY = date(2026, 3, 1)


def record(time: str, level: str, text: str) -> str:
    return f"2026-03-01T{time}:01.250+01:00 4711 {level} collect_sps_and_if.poll: {text}\n"


def notes(tmp_path: Path, *records: str) -> list[tuple[str, str, int, bool]]:
    (tmp_path / "2026-03-01.log").write_text("".join(records))
    return [(note.time, note.text, note.count, note.is_error) for note in log_notes([tmp_path], DAY)]


def test_warnings_that_differ_in_numbers_only_are_one_note_with_the_last_text(tmp_path: Path) -> None:
    first, last = record("03:00", "WARNING", "3 of 30 failed"), record("04:10", "WARNING", "17 of 30 failed")
    assert notes(tmp_path, first, last) == [("04:10", "17 of 30 failed", 2, False)]


def test_warnings_that_differ_in_what_was_asked_are_one_note(tmp_path: Path) -> None:
    asked = (
        "m5.large in us-east-1 us-west-2",
        "c7g.4xlarge in eu-west-1",
        "t3.micro in ap-south-1 us-east-1 us-east-2",
    )
    records = [record("03:00", "WARNING", f"failed for {query}: no answer") for query in asked]
    ((_, _, count, _),) = notes(tmp_path, *records)
    assert count == 3


def test_errors_come_first_then_the_most_frequent(tmp_path: Path) -> None:
    rare, often, bad = record("01:00", "WARNING", "b"), record("02:00", "WARNING", "a"), record("03:00", "ERROR", "c")
    assert [text for _, text, _, _ in notes(tmp_path, rare, often, often, bad)] == ["c", "a", "b"]


def test_what_merely_informs_and_the_lines_of_a_traceback_are_left_out(tmp_path: Path) -> None:
    traceback = 'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: 2026 1 WARNING x: y\n'
    told = notes(tmp_path, record("01:00", "INFO", "233 pairs polled"), record("02:00", "ERROR", "a defect"), traceback)
    assert told == [("02:00", "a defect", 1, True)]


def test_a_text_without_end_is_cut(tmp_path: Path) -> None:
    ((_, text, _, _),) = notes(tmp_path, record("01:00", "WARNING", "x" * 5000))
    assert len(text) < 400


def test_without_a_log_there_are_no_notes(tmp_path: Path) -> None:
    assert log_notes([tmp_path / "nowhere"], DAY) == []


def test_it_reads_what_our_programs_write(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        start_log(tmp_path, datetime(2026, 3, 1, 12).astimezone())
        tell_on_stderr("the plan is made anew")
    finally:
        for handler in root.handlers[:]:
            handler.close()
        root.handlers[:] = before
        root.setLevel(level)
    assert [note.text for note in log_notes([tmp_path], DAY)] == ["the plan is made anew"]
