"""Summaries of batches merge as `scoring.Run` does, wherever an archive is cut."""

from dataclasses import astuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.scoring import Run
from collect_sps_and_if.spotlake.count.scores import pair_scores
from collect_sps_and_if.spotlake.count.summary import Summary, summary_of
from collect_sps_and_if.spotlake.count.tally import Tally
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.rows import Block

KEYS = ["us-east-1\tm5.large\tuse1-az1", "us-east-1\tm5.large\tuse1-az2", "eu-west-1\tc5.large\teuw1-az1"]
value = st.sampled_from([np.nan, 1.0, 2.0, 3.0])
snapshot = st.dictionaries(st.sampled_from(KEYS), st.tuples(value, value), min_size=1)
Snapshot = dict[str, tuple[float, float]]


def summarise(snapshots: list[Snapshot], first_time: int = 0) -> Summary:
    pools, values, tally = Pools(), Values(), Tally()
    for number, rows in enumerate(snapshots):
        sps, frequency = (values.codes(np.array([cells[place] for cells in rows.values()])) for place in (0, 1))
        tally.add([Block(first_time + 600 * number, pools.ids(list(rows)), sps, frequency)], len(pools))
    return summary_of(
        tally, pools, values, files=len(snapshots), rows=sum(map(len, snapshots)), skipped=[], actual_spans={}
    )


def comparable(summary: Summary) -> object:
    return pair_scores(summary), summary.rows, summary.files, summary.times.tolist()


@given(st.lists(snapshot, min_size=1, max_size=10), st.data())
def test_an_archive_cut_anywhere_has_the_same_scores_to_the_last_digit(
    drawn: list[Snapshot], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(drawn)))
    second = data.draw(st.integers(first, len(drawn)))
    a, b, c = (
        summarise(part, 600 * start)
        for part, start in ((drawn[:first], 0), (drawn[first:second], first), (drawn[second:], second))
    )
    assert comparable(a.then(b).then(c)) == comparable(a.then(b.then(c))) == comparable(summarise(drawn))


@given(st.lists(snapshot, max_size=8), st.lists(snapshot, max_size=8))
def test_a_pools_changes_are_those_of_a_run_of_its_series(early: list[Snapshot], late: list[Snapshot]) -> None:
    merged = summarise(early).then(summarise(late, 600 * len(early)))
    for number, key in enumerate(merged.pools):
        series = [rows[key][0] for rows in early + late if key in rows]
        run = Run.of(None if np.isnan(value) else value for value in series)
        counted = merged.sps.first[number], merged.sps.last[number], merged.sps.changes[number]
        assert astuple(run) == (*(None if np.isnan(value) else value for value in counted[:2]), counted[2])
