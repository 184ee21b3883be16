"""`python -m status`: the contract's JSON, a screen of 80 columns, one exit code; from files alone."""

import json
import socket
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.health.causes import causes
from common.clock import iso
from common.files.run_lock import run_lock
from data_files.launches import journal
from data_files.market import scores
from data_files.market.polled import REFUSED
from status.document import document
from status.screen import screen
from tests.analysis.health.collected_home import (
    NOW,
    begin_probe,
    judged,
    leave_letter,
    spend,
    write_healthy,
)
from tests.program import Ended, run

AT = {"TZ": "UTC", "SPOT_NOW": iso(NOW)}


def status(home: Path, *arguments: str) -> Ended:
    return run("status", *arguments, environment={**AT, "SPOT_HOME": str(home), "SPOT_SPS_REGION": "us-east-1"})


def told(home: Path) -> dict[str, Any]:
    health = judged(home)
    found: dict[str, Any] = json.loads(document(health, causes(health)))
    return found


def shape(value: Any) -> Any:
    return {key: shape(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def spoil(home: Path) -> None:
    """Let everything go wrong at once."""
    began = NOW - timedelta(hours=5)
    write_healthy(
        home,
        is_done=lambda time: time.date() < NOW.date() or time < began,
        outcome=lambda time, _: REFUSED if time.date() == NOW.date() else "ok",
        refused=2,
    )
    scores.FILES.path(home, date(2026, 3, 1)).unlink()
    leave_letter(home, date(2026, 2, 27))
    leave_letter(home, date(2026, 3, 2))
    begin_probe(home, began)
    spend(home, NOW - timedelta(days=3), 1.25, volumes_usd=0.5)
    spend(home, NOW - timedelta(minutes=3), 0.1, volumes_usd=0.2)
    spend(home, NOW - timedelta(days=20), 2.0)


def test_the_keys_are_the_contracts(tmp_path: Path) -> None:
    keys = {
        "schema": None,
        "made": None,
        "healthy": None,
        "attention": None,
        "polls": dict.fromkeys(("last", "due_today", "done_today", "answered_share_24h", "refused_24h")),
        "quota": dict.fromkeys(("used", "limit")),
        "night": dict.fromkeys(("last_scored", "unscored_days", "unsent_mails")),
        "probes": dict.fromkeys(("last", "open", "oldest_open")),
        "spending": dict.fromkeys(("today", "days_7", "days_30", "limit")),
        "prices": {"last": None},
        "disk": dict.fromkeys(("free_bytes", "data_bytes")),
    }
    assert shape(told(tmp_path)) == keys
    assert shape(told(write_healthy(tmp_path))) == keys


def test_a_healthy_collection_in_figures(tmp_path: Path) -> None:
    found = told(write_healthy(tmp_path))
    disk = found.pop("disk")
    assert disk["free_bytes"] > 0
    assert disk["data_bytes"] == sum(path.stat().st_size for path in tmp_path.rglob("*.csv"))
    assert found == {
        "schema": "spot-status/1",
        "made": "2026-03-03T12:03:00+00:00",
        "healthy": True,
        "attention": [],
        "polls": {
            "last": "2026-03-03T12:00:00+00:00",
            "due_today": 73,
            "done_today": 73,
            "answered_share_24h": 1.0,
            "refused_24h": 0,
        },
        "quota": {"used": 1, "limit": 50},
        "night": {"last_scored": "2026-03-02", "unscored_days": [], "unsent_mails": 0},
        "probes": {"last": None, "open": 0, "oldest_open": None},
        "spending": {"today": 0, "days_7": 0, "days_30": 0, "limit": 5.0},
        "prices": {"last": "2026-03-03T11:13:00+00:00"},
    }


def test_where_all_goes_wrong_each_figure_and_each_cause_is_told(tmp_path: Path) -> None:
    spoil(tmp_path)
    with run_lock(tmp_path / "collect_sps_and_if" / "data" / "daily_score.lock", longest_seconds=-60):
        found = told(tmp_path)
    assert found["healthy"] is False
    assert len(found["attention"]) == 7
    assert found["polls"] == {
        "last": "2026-03-03T07:00:00+00:00",
        "due_today": 72,
        "done_today": 43,
        "answered_share_24h": 71 / (71 + 43),
        "refused_24h": 4,
    }
    assert found["night"] == {"last_scored": "2026-03-02", "unscored_days": ["2026-03-01"], "unsent_mails": 2}
    assert found["probes"] == {"last": None, "open": 1, "oldest_open": "2026-03-03T07:03:00+00:00"}
    assert found["spending"] == {"today": 0.3, "days_7": 2.05, "days_30": 4.05, "limit": 5.0}


def test_where_nothing_was_collected_what_is_not_known_is_null(tmp_path: Path) -> None:
    found = told(tmp_path)
    assert (found["polls"]["last"], found["polls"]["answered_share_24h"], found["polls"]["refused_24h"]) == (None,) * 3
    assert (found["night"]["last_scored"], found["probes"]["last"], found["prices"]["last"]) == (None,) * 3


def test_the_screen_says_what_needs_a_person_first_in_80_columns(tmp_path: Path) -> None:
    home = tmp_path / ("a folder with a name of some length " * 4) / "spot"
    spoil(home)
    health = judged(home)
    lines = screen(health, causes(health)).splitlines()
    assert lines[:3] == [
        "Spot collection, 2026-03-03 12:03 +0000: needs a look",
        "",
        "  * 1 launch-time probe was never ended and may cost money, the oldest of",
    ]
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 40
    assert any(line.strip().startswith("python -m collect_sps_and_if.daily_score --date 2026-03-01") for line in lines)
    assert lines[-8].startswith("polls     last 07:00, 5 h ago; 43 of 72 due today")
    assert lines[-3].startswith("spending  0.30 of 5.00 USD today; 2.05 in 7 days, 4.05 in 30")


def test_the_screen_of_nothing_says_what_is_missing(tmp_path: Path) -> None:
    health = judged(tmp_path)
    text = screen(health, causes(health))
    assert "needs a look" in text
    assert text.count("none yet") == 3
    assert "no day scored yet" in text


@pytest.mark.whole_run
def test_the_exit_code_is_0_for_healthy_and_1_for_needs_a_look(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    ended = status(tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Spot collection, 2026-03-03 12:03 +0000: healthy\n")
    begin_probe(tmp_path, NOW - timedelta(hours=1))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    ended = status(tmp_path, "--json")
    assert (ended.code, ended.stderr) == (1, "")
    assert json.loads(ended.stdout)["healthy"] is False
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before, "it writes nothing"


@pytest.mark.whole_run
def test_without_data_or_a_home_it_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "none"
    ended = status(home)
    assert (ended.code, ended.stderr) == (1, "")
    assert "nothing has been collected yet" in ended.stdout
    assert not home.exists()


@pytest.mark.whole_run
def test_rows_that_make_no_sense_are_no_noise(tmp_path: Path) -> None:
    write_healthy(tmp_path)
    path = journal.FILES.path(tmp_path, NOW.date())
    path.parent.mkdir(parents=True)
    path.write_text("time,event\nwhat,is,this\n")
    ended = status(tmp_path)
    assert (ended.code, ended.stderr) == (0, "")


def test_it_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert told(write_healthy(tmp_path))["healthy"]
