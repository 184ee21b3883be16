"""Worker processes: the same result as one process has, whenever one of them is killed."""

import os
import pickle
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from collect_sps_and_if.spotlake import batches, schedule
from collect_sps_and_if.spotlake.bootstrap import summarise_all
from collect_sps_and_if.spotlake.count.scores import pair_scores
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Source, find
from collect_sps_and_if.spotlake.find.times import ALWAYS
from collect_sps_and_if.spotlake.workers import LocalWorkers
from common.errors import Refusal
from tests.collect_sps_and_if.spotlake.archives import COLUMNS, csv_bytes, row, snapshots, write, write_all
from tests.program import no_longer_than

LARGE = 100_000
"""Bytes: no message has more but the summaries of the larger archive."""


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(batches, "MIN_SNAPSHOTS", 5)
    return write_all(tmp_path, snapshots(100))


def comparable(summary: Summary) -> object:
    return pair_scores(summary), summary.rows, summary.files, summary.skipped, summary.times.tolist()


def passed_on(summaries: Iterator[Summary], _: int) -> Iterator[Summary]:
    return summaries


def killing(kill: Callable[[], None], times: int) -> Callable[[Iterator[Summary], int], Iterator[Summary]]:
    """Kill after each of the first so many summaries."""

    def kill_and_pass_on(summaries: Iterator[Summary], _: int) -> Iterator[Summary]:
        for place, summary in enumerate(summaries):
            if place < times:
                kill()
            yield summary

    return kill_and_pass_on


def kill_a_worker() -> None:
    alive(the_server().children())[0].kill()


def kill_server_and_workers() -> None:
    os.killpg(the_server().pid, signal.SIGKILL)


def the_server() -> psutil.Process:
    (server,) = (child for child in alive(psutil.Process().children()) if "fork_server" in " ".join(child.cmdline()))
    return server


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.status() != psutil.STATUS_ZOMBIE]


def test_any_number_of_workers_gives_the_same_to_the_last_digit(archive: Path) -> None:
    with no_longer_than(60), LocalWorkers(1) as one, LocalWorkers(3) as three:
        found = find([str(archive)])
        assert comparable(summarise_all(found, ALWAYS, three, passed_on)) == comparable(
            summarise_all(found, ALWAYS, one, passed_on)
        )


@pytest.mark.whole_run
@pytest.mark.parametrize(("kill", "times"), [(kill_a_worker, 2), (kill_server_and_workers, 1)])
def test_processes_that_are_killed_cost_second_tries_and_nothing_else(
    kill: Callable[[], None], times: int, archive: Path
) -> None:
    found = find([str(archive)])
    with no_longer_than(60), LocalWorkers(1) as one, LocalWorkers(2) as two:
        assert comparable(summarise_all(found, ALWAYS, two, killing(kill, times))) == comparable(
            summarise_all(found, ALWAYS, one, passed_on)
        )


def test_where_no_worker_can_be_started_one_line_says_so(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with no_longer_than(60), LocalWorkers(2) as two, pytest.raises(Refusal, match="cannot be started"):
        list(two.summaries(batches.cut(find([str(archive)]).sources, 2), ALWAYS))


def test_what_a_worker_raises_is_raised_here_with_the_place_in_the_worker(archive: Path) -> None:
    cut = batches.cut(find([str(archive)]).sources, 2)
    cut[1][0] = cut[0]  # type: ignore[call-overload]  # no source, which is a defect of ours
    with no_longer_than(60), LocalWorkers(2) as two, pytest.raises(AttributeError) as raised:
        list(two.summaries(cut, ALWAYS))
    assert "summarise.py" in raised.value.__notes__[0]


class Deadly(Source):
    """A source that kills the worker that receives it, as one that needs all memory does."""

    def __reduce__(self) -> tuple[object, tuple[int, int]]:
        return _die, (os.getpid(), signal.SIGKILL)


def _die(parent: int, by: int) -> None:
    assert os.getpid() != parent
    os.kill(os.getpid(), by)


@pytest.mark.whole_run
def test_a_batch_that_kills_every_worker_is_skipped_and_the_rest_is_read(archive: Path) -> None:
    cut = batches.cut(find([str(archive)]).sources, 2)
    first = cut[1][0]
    cut[1][0] = Deadly(first.location, first.member, first.span, first.rank)
    with no_longer_than(60), LocalWorkers(2) as two:
        summaries = list(two.summaries(cut, ALWAYS))
    assert [skipped.name for skipped in summaries[1].skipped] == [source.name for source in cut[1]]
    assert {skipped.why for skipped in summaries[1].skipped} == {schedule.WHY_LOST}
    assert sum(summary.files for summary in summaries) == 100 - len(cut[1])


class DiesHalfway(Source):
    """A source whose worker is killed when half of its answer is written, once for every file in a folder."""

    deaths: Path

    def __reduce__(self) -> tuple[object, tuple[Path, Source]]:
        return _plan_a_death, (self.deaths, Source(self.location, self.member, self.span, self.rank))


def _plan_a_death(deaths: Path, source: Source) -> Source:
    for death in deaths.iterdir():
        death.unlink()
        Connection._send = _write_half_and_die  # type: ignore[attr-defined]
        break
    return source


def _write_half_and_die(connection: Connection, data: bytes) -> None:
    is_answer = len(data) > LARGE
    left = memoryview(data)[: len(data) // 2 if is_answer else len(data)]
    while left:
        left = left[os.write(connection.fileno(), left) :]
    if is_answer:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.whole_run
@pytest.mark.parametrize("batch", [0, 1])
def test_workers_that_are_killed_when_half_of_their_answer_is_written_cost_second_tries_and_nothing_else(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MIN_SNAPSHOTS", 5)
    pools = [(f"m{number}.large", "us-east-1", f"use1-az{number % 6}") for number in range(3000)]
    archive = write_all(tmp_path / "archive", snapshots(20, pools=pools))
    cut = batches.cut(find([str(archive)]).sources, 2)
    with LocalWorkers(1) as one:
        expected = list(one.summaries(cut, ALWAYS))
    assert len(pickle.dumps(expected[batch])) > LARGE
    (deaths := tmp_path / "deaths").mkdir()
    for number in range(schedule.SECOND_TRIES):
        (deaths / str(number)).touch()
    source = cut[batch][0]
    deadly = DiesHalfway(source.location, source.member, source.span, source.rank)
    object.__setattr__(deadly, "deaths", deaths)
    cut[batch][0] = deadly
    with no_longer_than(60), LocalWorkers(2) as two:
        assert list(map(comparable, two.summaries(cut, ALWAYS))) == list(map(comparable, expected))
    assert not list(deaths.iterdir())


@pytest.mark.parametrize("most_snapshots", [1, 144])
def test_numbers_of_odd_files_do_not_add_up_to_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_snapshots: int
) -> None:
    monkeypatch.setattr(batches, "MAX_SNAPSHOTS", most_snapshots)
    monkeypatch.setattr(batches, "MIN_SNAPSHOTS", 1)
    numbers = iter(range(10_000))
    for hour in range(3):
        rows = [row((f"m{place}.large", "us-east-1", "use1-az1"), next(numbers), 3.0) for place in range(600)]
        write(tmp_path, f"2025-01-01 0{hour}:00:00", csv_bytes(rows, [name for name in COLUMNS if name != "Time"]))
    with LocalWorkers(1) as one:
        summary = summarise_all(find([str(tmp_path)]), ALWAYS, one, passed_on)
    assert (summary.files, summary.skipped) == (3, [])
    assert summary.sps.changes.tolist() == [2] * 600
