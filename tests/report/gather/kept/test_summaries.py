"""With kept summaries the page says what it says without them, whatever became of the files or of the summaries."""

import os
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.health.figures import HealthSettings
from analysis.reading import NotingReader
from data_files.market import polled
from report.gather import everything
from report.gather.day import summarise_day
from report.gather.everything import gather_collected
from report.gather.kept import kept_file
from report.gather.kept import summaries as module
from report.gather.kept.summaries import KeptSummaries
from report.page import embedded_data
from tests.report.gather.kept.histories import DAYS, compress_day, settle, write_day, write_history
from tests.time_zone import in_zone

NOW = datetime.fromisoformat("2026-03-06T23:56:00+09:00")
PAST = DAYS[2]


@pytest.fixture(autouse=True)
def one_day_by_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everything, "DAYS_BY_HOUR", 1)
    monkeypatch.setattr(everything, "_READ_TOGETHER", 2)


def page(home: Path, *, kept: bool = True) -> Any:
    with in_zone("Asia/Tokyo"):
        store = KeptSummaries(home / "report" / "cache", home) if kept else None
        gathered = gather_collected(home, NOW, HealthSettings(50, "us-east-1", 5.0, 600), store)
    return embedded_data(gathered), gathered.troubles.lines, gathered.first, gathered.last, gathered.launches.latest


def kept_files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "report" / "cache").glob("*"))


def nothing(home: Path, random: Random) -> None:
    """Leave all as it is."""


def add_rows(home: Path, random: Random) -> None:
    write_day(home, random.choice(DAYS), random)
    settle(home)


def remove_file(home: Path, random: Random) -> None:
    random.choice(sorted(home.glob("*/data/**/*.csv"))).unlink()


def damage_file(home: Path, random: Random) -> None:
    with random.choice(sorted(home.glob("*/data/**/*.csv"))).open("a") as file:
        file.write("no,such,row\n")
    settle(home)


def compress(home: Path, random: Random) -> None:
    compress_day(home, random.choice(DAYS))
    settle(home)


def lose_summaries(home: Path, random: Random) -> None:
    for name in kept_files(home):
        if random.random() < 0.5:
            (home / "report" / "cache" / name).unlink()


def damage_summaries(home: Path, random: Random) -> None:
    for name in kept_files(home):
        path = home / "report" / "cache" / name
        content = bytearray(path.read_bytes())
        if random.random() < 0.5:
            content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        path.write_bytes(content[: random.choice([0, len(content) // 2, len(content)])])


EVENTS: list[Callable[[Path, Random], None]] = [
    *(nothing, add_rows, remove_file, damage_file, compress, lose_summaries, damage_summaries),
]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32), events=st.lists(st.sampled_from(EVENTS), min_size=1, max_size=3))
def test_the_page_is_the_same_with_and_without_them(
    seed: int, events: list[Callable[[Path, Random], None]], tmp_path: Path
) -> None:
    home, random = Path(tempfile.mkdtemp(dir=tmp_path)), Random(seed)
    write_history(home, random)
    assert page(home) == page(home, kept=False)
    for event in events:
        event(home, random)
        assert page(home) == page(home, kept=False), f"after {event.__name__}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for day in DAYS:
        write_day(tmp_path, day, Random(day.toordinal()))
    settle(tmp_path)
    page(tmp_path)
    return tmp_path


def days_read(monkeypatch: pytest.MonkeyPatch, home: Path) -> list[date]:
    """Make the page, and list the days whose files were read for it."""
    days: list[date] = []

    def noting(reader: NotingReader, day: date) -> Any:
        days.append(day)
        return summarise_day(reader, day)

    with monkeypatch.context() as patched:
        patched.setattr("report.gather.everything.summarise_day", noting)
        page(home)
    return sorted(days, reverse=True)


def test_past_days_are_read_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert days_read(monkeypatch, home) == DAYS[:1]


def test_a_past_file_that_changed_is_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = polled.FILES.path(home, PAST)
    text = path.read_text()
    path.write_text(text.replace(",2,ok", ",1,ok"))
    os.utime(path, ns=(path.stat().st_atime_ns, 1_700_000_000 * 10**9))
    assert path.stat().st_size == len(text)
    assert days_read(monkeypatch, home) == [DAYS[0], PAST]
    assert days_read(monkeypatch, home) == [DAYS[0]]


def test_other_code_makes_all_of_them_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_version", lambda: "another")
    assert days_read(monkeypatch, home) == DAYS


def test_what_was_written_just_now_is_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(polled.FILES.path(home, PAST))
    assert days_read(monkeypatch, home) == [DAYS[0], PAST]
    assert days_read(monkeypatch, home) == [DAYS[0], PAST], "it might change again within the same tick of the clock"


def test_nor_is_what_was_written_just_before_many_days_were_read_together(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = polled.FILES.path(home, PAST)
    os.utime(path)
    moments = [path.stat().st_mtime]
    monkeypatch.setattr(everything, "_READ_TOGETHER", len(DAYS))
    monkeypatch.setattr(everything, "read_small_files", lambda *_: moments.append(moments[0] + 3))
    monkeypatch.setattr("time.time", lambda: moments[-1])
    for _ in range(2):
        moments[1:] = []
        assert PAST in days_read(monkeypatch, home)


def test_what_is_wrong_with_a_past_file_is_told_every_time(home: Path) -> None:
    with polled.FILES.path(home, PAST).open("a") as file:
        file.write("no,such,row\n")
    settle(home)
    for _ in range(2):
        assert page(home)[1] == [f"sps_and_if/{PAST}.csv: rows that make no sense were passed over: 1"]


def test_there_is_one_for_each_past_day_that_is_shown_and_nothing_else(home: Path) -> None:
    wanted = sorted(f"{day}.summary" for day in DAYS[1:])
    assert kept_files(home) == wanted
    cache = home / "report" / "cache"
    (cache / "2020-01-01.summary").write_bytes(b"of a day that is not shown any more")
    (cache / "2026-03-04.part").write_bytes(b"of a run that was killed")
    page(home)
    assert kept_files(home) == wanted


def test_a_summary_that_is_too_large_is_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "report" / "cache" / f"{PAST}.summary").unlink()
    monkeypatch.setattr(kept_file, "_LARGEST", 10)
    page(home)
    assert f"{PAST}.summary" not in kept_files(home)


def test_where_none_can_be_written_the_page_is_made_without(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in kept_files(home):
        (home / "report" / "cache" / name).unlink()

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert page(home) == page(home, kept=False)
    assert kept_files(home) == []


def test_a_folder_that_cannot_be_made_or_read_costs_nothing_but_time(tmp_path: Path) -> None:
    write_history(tmp_path, Random(1))
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "cache").write_text("no folder")
    assert page(tmp_path) == page(tmp_path, kept=False)
