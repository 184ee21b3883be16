"""The night's work killed at any moment: the next run makes good what is missing, and nothing is lost."""

import csv
import gzip
import os
import shutil
import signal
from datetime import date
from pathlib import Path
from random import Random

import pytest

from data_files.market import polled
from tests.collect_sps_and_if.collected_day import DAY, PAIRS, data, write_day, write_plan
from tests.collect_sps_and_if.played_night import Night, mailing
from tests.mail_server import Mailbox
from tests.program import Ended, dies_at_disk_step

pytestmark = pytest.mark.whole_run

KILLS = int(os.environ.get("KILLS", "8"))
OLD, MISSED = date(2026, 1, 10), date(2026, 2, 27)
STEPS, SECONDS = 60, 0.8  # what such a night takes, about


@pytest.fixture
def untouched(tmp_path: Path) -> Path:
    """A HOME with today's polls, those of a day that no night has worked on, and of one that is to be compressed."""
    home = tmp_path / "untouched"
    for day in (OLD, MISSED, DAY):
        write_day(home, day)
    write_plan(home)
    return home


def test_killed_at_any_moment_it_leaves_whole_files_and_the_next_run_makes_good(
    untouched: Path, port: int, mailbox: Mailbox
) -> None:
    chance = Random(7)
    old = list(polled.FILES.rows(untouched, OLD))
    killed = 0
    for number in range(KILLS):
        home = shutil.copytree(untouched, untouched.with_name(str(number)))
        night = Night(home)
        killed += _is_killed(night, port, chance, number)
        _assert_whole(home)
        assert list(polled.FILES.rows(home, OLD)) == old

        assert night.work(**mailing(port)) == Ended(0, "", "")
        assert [len(night.scores(day)) for day in (MISSED, DAY)] == [len(PAIRS)] * 2
        assert not polled.FILES.path(home, OLD).exists()
        assert list(polled.FILES.rows(home, OLD)) == old
        assert not list(home.rglob("*.part"))
        assert not list(home.rglob("*.eml"))
        # Killed between the server's answer and its own row it mails again: the same letter, by its id.
        assert len({letter["Message-ID"] for letter in mailbox.taken}) == 1
        mailbox.taken.clear()
        shutil.rmtree(home)
    assert killed > KILLS / 3


def _is_killed(night: Night, port: int, chance: Random, number: int) -> bool:
    """Kill it at a step to the disk, or at a moment, in turn; tell whether it was not over by then."""
    environment = night.environment(**mailing(port))
    if number % 2:
        running = night.start((), environment)
        running.kill_after(chance.uniform(0, SECONDS))
    else:
        running = night.start((), environment, before=dies_at_disk_step(chance.randint(1, STEPS)))
    return running.end().code == -signal.SIGKILL


def _assert_whole(home: Path) -> None:
    for path in data(home).rglob("*.csv*"):
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        whole, _, _ = text.decode().rpartition("\n")  # a last line without its end is torn: no reader takes it
        rows = list(csv.reader(whole.splitlines(), strict=True))
        assert len({len(row) for row in rows}) <= 1, path
