"""What was polled on a day; and what was known of a pair at a moment: never a later value, nor one that is too old."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_files import alike_lines
from data_files.market import polled as polled_file
from report.gather.pairs import PairNumbers
from report.gather.polled import PolledArrays
from tests.report.gather.day_file import read_rows

AT = "2026-03-01T{}:00+09:00"
MIDNIGHT = 1772290800  # 2026-03-01T00:00 in +09:00


@pytest.fixture
def polled(tmp_path: Path) -> PolledArrays:
    rows = [
        (AT.format("00:00"), "us-east-1", "m5.large", 3, 1, "ok"),
        (AT.format("00:10"), "us-east-1", "m5.large", None, 2, "failed"),
        (AT.format("00:20"), "us-east-1", "m5.large", 7, 2, "ok"),
        (AT.format("00:10"), "us-west-2", "m5.large", 9, 0, "ok"),
        (AT.format("00:20"), "us-west-2", "m5.large", None, None, "refused"),
    ]
    return arrays_of(tmp_path, rows)


def arrays_of(home: Path, rows: Sequence[Sequence[str | int | None]]) -> PolledArrays:
    return PolledArrays.of(read_rows(home, polled_file.FILES, rows), PairNumbers())


def score_at(polled: PolledArrays, pair: int, minutes: float, age: int = 1800) -> float | None:
    found = polled.as_of(polled.scores, np.array([pair]), np.array([MIDNIGHT + 60 * minutes]), age)[0]
    return None if np.isnan(found) else float(found)


def test_gives_the_last_score_known_before(polled: PolledArrays) -> None:
    assert score_at(polled, 0, 5) == 3
    assert score_at(polled, 0, 25) == 7


def test_a_score_of_the_very_moment_counts(polled: PolledArrays) -> None:
    assert score_at(polled, 0, 20) == 7


def test_never_gives_a_later_score(polled: PolledArrays) -> None:
    assert score_at(polled, 0, 19.99) == 3
    assert score_at(polled, 0, -1) is None


def test_passes_over_what_was_not_known(polled: PolledArrays) -> None:
    assert score_at(polled, 0, 12) == 3


def test_never_gives_another_pairs_score(polled: PolledArrays) -> None:
    assert score_at(polled, 1, 5) is None
    assert score_at(polled, 2, 25) is None


def test_what_is_too_old_is_unknown(polled: PolledArrays) -> None:
    assert score_at(polled, 0, 50) == 7
    assert score_at(polled, 0, 50.1) is None


def test_rows_are_in_the_order_of_pairs_and_times_and_what_is_unknown_is_no_number(polled: PolledArrays) -> None:
    assert polled.pair.tolist() == [0, 0, 0, 1, 1]
    scores = polled.scores[polled.line].tolist()
    assert [score if score == score else None for score in scores] == [3, None, 7, 9, None]
    assert polled.times.wall[polled.poll].tolist() == [utc + 9 * 3600 for utc in polled.utc.tolist()]


def test_of_rows_with_the_same_time_and_pair_the_last_one_counts_whole(tmp_path: Path) -> None:
    row = (AT.format("00:00"), "us-east-1", "m5.large")
    arrays = arrays_of(tmp_path, [(*row, 3, 1, "ok"), (*row[:2], "r5.large", 5, 0, "ok"), (*row, None, 2, "failed")])
    assert len(arrays.pair) == 2
    assert np.isnan(arrays.scores[arrays.line[0]])
    assert arrays.bands[arrays.line].tolist() == [2, 0]
    assert [polled_file.OUTCOMES[place] for place in arrays.outcomes[arrays.line].tolist()] == ["failed", "ok"]


def test_a_file_of_a_header_only_has_no_rows(tmp_path: Path) -> None:
    arrays = arrays_of(tmp_path, [])
    assert len(arrays.pair) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    polls=st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 10)), min_size=1, max_size=4), max_size=6),
    minutes=st.lists(st.integers(0, 30), min_size=6, max_size=6),
)
def test_what_recurs_from_poll_to_poll_is_read_as_what_does_not(
    polls: list[list[tuple[int, int]]], minutes: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (AT.format(f"00:{minute:02}"), "us-east-1", f"m{pair}.large", score, score % 5, "ok")
        for minute, poll in zip(minutes, polls, strict=False)
        for pair, score in poll
    ]
    told = []
    for fewest in (2, 1000):
        monkeypatch.setattr(alike_lines, "_FEWEST_LINES", fewest)
        monkeypatch.setattr(alike_lines, "_TIMES_ALIKE", 1)
        arrays = arrays_of(tmp_path, rows)
        columns = arrays.pair, arrays.utc, arrays.scores[arrays.line], arrays.bands[arrays.line]
        told.append([column.tolist() for column in columns])
    assert told[0] == told[1]
    last = {(pair, at): score for at, _, pair, score, *_ in rows}
    assert sorted(told[0][2]) == sorted(last.values()), "of rows with the same time and pair the last one"
