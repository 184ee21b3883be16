"""Where cron's mail goes is told, and that it goes nowhere."""

import getpass
from pathlib import Path

import pytest

from check_setup.finding import Finding, State
from check_setup.scheduling.cron_mail import check_cron_mail


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    (tmp_path / "sendmail").write_text("#!/bin/sh\n")
    (tmp_path / "sendmail").chmod(0o755)
    return tmp_path


def only(variables: dict[str, str], path: Path | str) -> Finding:
    (finding,) = check_cron_mail(variables, str(path), places=())
    return finding


def test_with_a_mail_server_it_goes_to_the_user_or_to_mailto(tools: Path) -> None:
    found = only({}, tools)
    assert found.state is State.FINE
    assert f"goes to {getpass.getuser()}" in found.text
    assert "goes to ops@example.com" in only({"MAILTO": "ops@example.com"}, tools).text


def test_without_one_or_with_an_empty_mailto_nobody_hears(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost, off = only({"MAILTO": "ops@example.com"}, tools / "nothing"), only({"MAILTO": ""}, tools)
    assert [lost.state, off.state] == [State.TO_DO, State.TO_DO]
    assert "to ops@example.com is lost, for this machine has no mail server" in lost.text
    assert "MAILTO is empty" in off.text
    assert "set HEARTBEAT_URL in spot.toml" in lost.text
    monkeypatch.setattr("configs.HEARTBEAT_URL", "https://hc.example.com/secret")
    heard = only({}, tools / "nothing")
    assert heard.state is State.UNKNOWN
    assert "secret" not in heard.text
