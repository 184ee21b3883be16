"""Worker processes: the same result as one, and a death among them is noticed."""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collect_sps_and_if.spotlake import batches, workers
from collect_sps_and_if.spotlake.bootstrap import summarise_all
from collect_sps_and_if.spotlake.count.scores import scores
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Source, find
from collect_sps_and_if.spotlake.find.times import ALWAYS
from collect_sps_and_if.spotlake.workers import LocalWorkers
from tests.collect_sps_and_if.spotlake.archives import COLUMNS, csv_bytes, row, snapshots, write, write_all
from tests.program import no_longer_than


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(batches, "FEWEST_SNAPSHOTS", 5)
    return write_all(tmp_path, snapshots(100))


def told(summary: Summary) -> object:
    return scores(summary), summary.rows, summary.files, summary.skipped, summary.times.tolist()


def undisturbed(summaries: Iterator[Summary], _: int) -> Iterator[Summary]:
    return summaries


def deaths(number: int) -> Callable[[Iterator[Summary], int], Iterator[Summary]]:
    """Kill a worker whenever a summary is about to be waited for, that often."""

    def disturb(summaries: Iterator[Summary], _: int) -> Iterator[Summary]:
        for place, summary in enumerate(summaries):
            if place < number:
                _kill_a_worker()
            yield summary

    return disturb


def _kill_a_worker() -> None:
    for child in multiprocessing.active_children():
        with contextlib.suppress(ProcessLookupError):  # one that was killed before may still be listed
            assert child.pid
            os.kill(child.pid, signal.SIGKILL)
            return
    raise AssertionError("no worker is alive")


def test_any_number_of_workers_gives_the_same_to_the_last_digit(archive: Path) -> None:
    with no_longer_than(60), LocalWorkers(1) as one, LocalWorkers(3) as three:
        found = find([str(archive)])
        assert told(summarise_all(found, ALWAYS, three, undisturbed)) == told(
            summarise_all(found, ALWAYS, one, undisturbed)
        )


def test_workers_that_are_killed_cost_second_tries_and_nothing_else(archive: Path) -> None:
    found = find([str(archive)])
    with no_longer_than(60), LocalWorkers(1) as one, LocalWorkers(2) as two:
        assert told(summarise_all(found, ALWAYS, two, deaths(2))) == told(
            summarise_all(found, ALWAYS, one, undisturbed)
        )


class Deadly(Source):
    """A source that kills whoever takes it in, as one that needs all memory does."""

    def __reduce__(self) -> tuple[object, tuple[int, int]]:
        return _die, (os.getpid(), signal.SIGKILL)


def _die(parent: int, by: int) -> None:
    assert os.getpid() != parent
    os.kill(os.getpid(), by)


def test_a_run_that_kills_every_worker_is_skipped_and_the_rest_is_read(archive: Path) -> None:
    runs = batches.runs(find([str(archive)]).sources, 2)
    first = runs[1][0]
    runs[1][0] = Deadly(first.place, first.member, first.span, first.rank)
    with no_longer_than(60), LocalWorkers(2) as two:
        summaries = list(two.summaries(runs, ALWAYS))
    assert [skipped.name for skipped in summaries[1].skipped] == [source.name for source in runs[1]]
    assert {skipped.why for skipped in summaries[1].skipped} == {workers.WHY_LOST}
    assert sum(summary.files for summary in summaries) == 100 - len(runs[1])


@pytest.mark.parametrize("most_snapshots", [1, 144])
def test_numbers_of_odd_files_do_not_add_up_to_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_snapshots: int
) -> None:
    monkeypatch.setattr(batches, "MOST_SNAPSHOTS", most_snapshots)
    monkeypatch.setattr(batches, "FEWEST_SNAPSHOTS", 1)
    numbers = iter(range(10_000))
    for hour in range(3):
        rows = [row((f"m{place}.large", "us-east-1", "use1-az1"), next(numbers), 3.0) for place in range(600)]
        write(tmp_path, f"2025-01-01 0{hour}:00:00", csv_bytes(rows, [name for name in COLUMNS if name != "Time"]))
    with LocalWorkers(1) as one:
        summary = summarise_all(find([str(tmp_path)]), ALWAYS, one, undisturbed)
    assert (summary.files, summary.skipped) == (3, [])
    assert summary.sps.changes.tolist() == [2] * 600
