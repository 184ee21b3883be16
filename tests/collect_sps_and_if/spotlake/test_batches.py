"""An archive is cut between snapshots, never between sources that may have rows of one time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.spotlake import batches
from collect_sps_and_if.spotlake.find.sources import Source
from collect_sps_and_if.spotlake.find.times import Span

spans = st.builds(
    lambda first, length: Span(first, first + length), st.integers(0, 60), st.sampled_from([0, 0, 0, 1, 20])
)


@given(st.lists(spans, min_size=1, max_size=40), st.integers(1, 4))
def test_batches_share_no_time_follow_each_other_and_contain_all_sources(drawn: list[Span], workers: int) -> None:
    sources = [Source(f"{rank}.csv", None, span, rank) for rank, span in enumerate(drawn)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "MIN_SNAPSHOTS", 2)
        parts = batches.cut(sources, workers)
    assert sorted(source.rank for part in parts for source in part) == list(range(len(drawn)))
    ends = [max(source.span.last for source in part if source.span) for part in parts]
    starts = [min(source.span.first for source in part if source.span) for part in parts]
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))


def test_a_batch_is_no_longer_than_a_day_unless_its_files_overlap() -> None:
    sources = [Source(f"{n}.csv", None, Span(600 * n, 600 * n), n) for n in range(5000)]
    assert max(map(len, batches.cut(sources, 1))) == batches.MAX_SNAPSHOTS


def test_many_workers_share_a_small_archive() -> None:
    sources = [Source(f"{n}.csv", None, Span(600 * n, 600 * n), n) for n in range(288)]
    assert len(batches.cut(sources, 2)) >= 8
