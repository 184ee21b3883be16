"""People are told at once what needs them: each thing once a day, and whatever fails is one line."""

import logging
import sys
import types
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from notify.people import notify_people
from tests.program import Ended, run

NOW = datetime(2026, 3, 1, 12, 0).astimezone()
URLS = ("ntfy://a-secret-topic", "slack://another-secret")


@dataclass
class Messengers:
    """Stands in for the package apprise: keeps what it was given, and does what the test wants."""

    sent: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    answer: Any = True

    def add(self, url: str) -> bool:
        self.added.append(url)
        return True

    def notify(self, body: str, title: str) -> bool | None:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.sent.append(f"{title}\n{body}")
        return bool(self.answer)


@pytest.fixture
def messengers(monkeypatch: pytest.MonkeyPatch) -> Messengers:
    stand_in = Messengers()
    module = types.ModuleType("apprise")
    module.Apprise = lambda: stand_in  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "apprise", module)
    return stand_in


def test_what_needs_a_person_is_sent_to_each_address_in_one_message(messengers: Messengers, tmp_path: Path) -> None:
    notify_people(tmp_path, URLS, ["one thing: do this", "another"], NOW)
    assert sorted(messengers.added) == sorted(URLS)
    message, other = messengers.sent
    assert message == other
    assert message.splitlines()[0].endswith("needs a look")
    assert message.splitlines()[1:] == ["one thing: do this", "another"]


def test_a_thing_is_told_once_a_day_though_its_numbers_change(messengers: Messengers, tmp_path: Path) -> None:
    for minute in (0, 10, 20):
        notify_people(tmp_path, URLS[:1], [f"the last poll was {26 + minute} min ago"], NOW + timedelta(minutes=minute))
    notify_people(tmp_path, URLS[:1], ["the last poll was 90 min ago", "the disk is full"], NOW + timedelta(hours=1))
    notify_people(tmp_path, URLS[:1], ["the last poll was 24 h ago"], NOW + timedelta(days=1))
    assert [message.splitlines()[1:] for message in messengers.sent] == [
        ["the last poll was 26 min ago"],
        ["the disk is full"],
        ["the last poll was 24 h ago"],
    ]


@pytest.mark.parametrize("answer", [False, OSError("https://secret.example.com"), ValueError()])
def test_what_was_not_taken_is_one_line_without_the_address_and_is_sent_again(
    messengers: Messengers, tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: Any
) -> None:
    messengers.answer = answer
    notify_people(tmp_path, URLS, ["a thing"], NOW)
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "NOTIFY_URLS" in told
    assert "secret" not in told
    messengers.answer = True
    notify_people(tmp_path, URLS, ["a thing"], NOW)
    assert messengers.sent[-1].endswith("a thing")


def test_what_one_address_took_is_not_sent_again_for_the_sake_of_another(
    messengers: Messengers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messengers, "add", lambda url: url == URLS[0])
    for _ in range(2):
        notify_people(tmp_path, URLS, ["a thing"], NOW)
    assert len(messengers.sent) == 1
    assert "1 of 2 addresses in NOTIFY_URLS did not take what needs a person" in capsys.readouterr().err


def test_a_messenger_that_hangs_is_left_behind(
    messengers: Messengers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import threading

    never = threading.Event()
    monkeypatch.setattr(messengers, "notify", lambda **_: never.wait())
    notify_people(tmp_path, URLS, ["a thing"], NOW, seconds=0.2)
    assert "did not take what needs a person (TimeoutError)" in capsys.readouterr().err
    never.set()


def test_without_apprise_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    notify_people(tmp_path, URLS, ["a thing"], NOW)
    assert "run script/install notify" in capsys.readouterr().err


def test_without_an_address_or_anything_to_tell_nothing_is_loaded_or_written(
    messengers: Messengers, tmp_path: Path
) -> None:
    notify_people(tmp_path, (), ["a thing"], NOW)
    notify_people(tmp_path, URLS, [], NOW)
    assert messengers.added == []
    assert not list(tmp_path.iterdir())


def test_what_apprise_logs_of_addresses_stays_out_of_our_logs(messengers: Messengers, tmp_path: Path) -> None:
    notify_people(tmp_path, URLS, ["a thing"], NOW)
    assert not logging.getLogger("apprise").isEnabledFor(logging.ERROR)


_STAND_IN = """
class Apprise:
    def add(self, url): return True
    def notify(self, body, title):
        with open({path!r}, "a") as file: file.write(body + "\\n")
        return True
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file into which a stand-in for apprise writes, for programs of their own."""
    modules, file = tmp_path / "modules", tmp_path / "told.txt"
    modules.mkdir()
    (modules / "apprise.py").write_text(_STAND_IN.format(path=str(file)))
    monkeypatch.setenv("PYTHONPATH", str(modules))
    monkeypatch.setenv("SPOT_NOTIFY_URLS", "ntfy://a-secret-topic")
    monkeypatch.setenv("SPOT_HOME", str(tmp_path / "home"))
    return file


@pytest.mark.whole_run
def test_a_poll_that_only_a_person_can_mend_is_told_once_and_leaves_as_without(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    ended = [run("collect_sps_and_if", environment={}) for _ in range(2)]
    assert [one.code for one in ended] == [2, 2]
    assert [len(one.stderr.splitlines()) for one in ended] == [1, 1]
    (line,) = told.read_text().splitlines()
    assert line in ended[0].stderr


@pytest.mark.whole_run
def test_the_night_tells_what_needs_a_person(told: Path) -> None:
    assert run("collect_sps_and_if.daily_score", environment={}).code in (0, 1)
    assert "nothing has been collected yet under" in told.read_text()


@pytest.mark.whole_run
def test_a_probe_that_could_not_be_ended_is_told(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from data_files.launches import journal

    entry = journal.Entry(journal.new_token(), "us-east-1", "m5.large", 2, datetime.now().astimezone())
    journal.write(tmp_path / "home", journal.INTENDED, entry, datetime.now().astimezone())
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    ended: Ended = run("collect_launch_time", "--clean-up", environment={})
    assert ended.code != 0
    assert "1 probe is open" in told.read_text()
