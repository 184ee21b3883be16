import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from common.errors import Refusal
from common.redaction import without_secrets
from common.run_log import start_log, tell_on_stderr

NOW = datetime(2026, 3, 1, 23, 50).astimezone()


@pytest.fixture(autouse=True)
def _root_logger_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize(
    "text",
    [
        "AWS_SECRET_ACCESS_KEY=hunter2",
        '{"SecretAccessKey": "hunter2"}',
        "X-Amz-Security-Token: hunter2",
        "Authorization: AWS4-HMAC-SHA256 hunter2",
        "https://host/?X-Amz-Signature=hunter2&a=b",
        "password = 'hunter2'",
        "<SessionToken>hunter2</SessionToken>",
        "no answer from http://user:hunter2@127.0.0.1:9/x",
    ],
)
def test_secrets_are_blacked_out(text: str) -> None:
    assert "hunter2" not in without_secrets(text)


def test_a_url_without_a_password_is_left_as_it_is() -> None:
    text = (
        "ask http://127.0.0.1:5123/a@b: no answer; there is no mail password yet, put it into /home/me/credential.txt"
    )
    assert without_secrets(text) == text


def test_a_rehearsals_log_has_the_rehearsed_time(tmp_path: Path) -> None:
    start_log(tmp_path, NOW)
    tell_on_stderr("it is late")
    assert (tmp_path / "2026-03-01.log").read_text().startswith("2026-03-01T23:50:0")


def test_a_line_without_end_is_cut_on_stderr_and_whole_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_log(tmp_path, NOW)
    tell_on_stderr("x" * 5000)
    assert len(capsys.readouterr().err) < 700
    assert "x" * 5000 in (tmp_path / "2026-03-01.log").read_text()


def test_the_log_is_named_by_the_local_date_and_what_is_told_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["/clone/collect_sps_and_if/__main__.py"])
    start_log(tmp_path / "log", NOW)
    tell_on_stderr("AWS said:\n password=hunter2")
    assert capsys.readouterr().err == "collect_sps_and_if: AWS said: password=***\n"
    logged = (tmp_path / "log" / "2026-03-01.log").read_text()
    assert "AWS said: password=***" in logged


def test_a_secret_in_a_traceback_is_not_logged(tmp_path: Path) -> None:
    start_log(tmp_path, NOW)
    try:
        raise ValueError("session_token=hunter2")
    except ValueError:
        logging.getLogger("x").exception("failed")
    assert "hunter2" not in (tmp_path / "2026-03-01.log").read_text()


def test_a_full_disk_costs_the_log_not_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "2026-03-01.log").symlink_to("/dev/full")
    start_log(tmp_path, NOW)
    logging.getLogger("x").warning("more than fits")
    assert capsys.readouterr().err == ""


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file")
    with pytest.raises(Refusal, match="cannot write the log"):
        start_log(tmp_path / "log", NOW)
