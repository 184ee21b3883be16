"""Looks become probes: after how many seconds which instance was fulfilled, running, ready."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data_files.launches import looks
from report.gather.looks import LEVELS, Looks, ProbeCurve
from report.gather.pairs import PairNumbers
from tests.report.gather.day_file import read_rows

REQUESTED = "2026-03-01T23:59:30.000+09:00"


def after(seconds: int) -> str:
    minute, second = divmod(59 * 60 + 30 + seconds, 60)
    day, minute = (1, minute) if minute < 60 else (2, minute - 60)
    return f"2026-03-0{day}T{23 if day == 1 else 0:02d}:{minute:02d}:{second:02d}.000+09:00"


def look(
    seconds: int, ready: int, fulfilled: int, running: int, asked: int = 3, region: str = "us-east-1"
) -> tuple[Any, ...]:
    return (region, "m5.large", asked, REQUESTED, after(seconds), ready, fulfilled, running)


def looks_of(home: Path, rows: Sequence[tuple[Any, ...]]) -> Looks:
    return Looks.of(read_rows(home, looks.FILES, rows), PairNumbers())


def probes_of(home: Path, rows: Sequence[tuple[Any, ...]]) -> list[ProbeCurve]:
    return list(looks_of(home, rows).probes())


def test_each_instance_has_the_second_of_the_first_look_that_saw_it(tmp_path: Path) -> None:
    rows = [look(3, 0, 2, 0), look(6, 0, 2, 2), look(9, 1, 3, 2), look(12, 2, 3, 3)]
    (probe,) = probes_of(tmp_path, rows)
    assert probe.stages == ((3, 3, 9), (6, 6, 12), (9, 12))
    assert (probe.asked, probe.seconds, probe.ready) == (3, 12, 2)


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [look(9, 1, 3, 2), look(3, 0, 2, 0), look(6, 0, 2, 2)]
    assert probes_of(tmp_path, rows) == probes_of(tmp_path, sorted(rows))


def test_probes_of_other_pairs_at_the_same_moment_are_probes_of_their_own(tmp_path: Path) -> None:
    rows = [look(3, 0, 1, 0), look(3, 0, 2, 0, region="us-west-2")]
    assert [len(probe.stages[0]) for probe in probes_of(tmp_path, rows)] == [1, 2]


def test_rows_that_make_no_sense_cost_themselves_only(tmp_path: Path) -> None:
    rows = [look(3, 0, 1, 0), ("us-east-1", "m5.large", "x", REQUESTED, after(6), 1, 1, 1), look(-3, 3, 3, 3)]
    (probe,) = probes_of(tmp_path, rows)
    assert probe.stages == ((3,), (), ())


def test_counts_above_what_was_asked_or_falling_are_not_believed(tmp_path: Path) -> None:
    (probe,) = probes_of(tmp_path, [look(3, 0, 9, 0), look(6, 0, 1, 0)])
    assert probe.stages[0] == (3, 3, 3)


@given(seconds=st.lists(st.integers(1, 29), max_size=60), asked=st.integers(1, 60))
@example(seconds=[1, 1, 1], asked=31)
def test_of_many_instances_evenly_spread_ranks_are_kept(
    seconds: list[int], asked: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    came = sorted(seconds)[:asked]
    rows = [look(at, sum(second <= at for second in came), 0, 0, asked=asked) for at in range(1, 30)]
    (probe,) = probes_of(tmp_path_factory.mktemp("looks"), rows)
    kept = probe.stages[2]
    assert len(kept) == len(came) * min(asked, LEVELS) // asked
    assert set(kept) <= set(came)
    assert probe.ready == len(came), "the thinned list is drawn, not counted"


counts = st.integers(0, 4)


rows_seen = st.lists(st.tuples(st.integers(1, 60), counts, counts, counts, counts), max_size=20)


@given(rows=rows_seen, cut=st.integers(0, 20))
def test_looks_that_saw_nothing_new_may_be_left_out_before_later_ones_are_joined(
    rows: list[tuple[int, int, int, int, int]], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen = looks_of(tmp_path_factory.mktemp("looks"), [look(*row) for row in sorted(rows)])
    one, other = Looks(seen.columns[:, :cut]), Looks(seen.columns[:, cut:])
    joined = one.telling().joined_with(other.telling())
    assert list(joined.probes()) == list(seen.probes())


def test_looks_after_midnight_belong_to_the_day_of_the_request(tmp_path: Path) -> None:
    day = 20513  # 2026-03-01
    evening = looks_of(tmp_path, [look(3, 0, 1, 0)])
    night = looks_of(tmp_path, [look(60, 1, 1, 1)])
    own, earlier = night.split(day + 1)
    assert not list(own.probes())
    whole, _ = evening.joined_with(earlier).split(day)
    (probe,) = whole.probes()
    assert probe.stages == ((3,), (60,), (60,))
    assert np.floor(probe.wall / 86400) == day
