"""What was known of a pair at a moment: the last value before it, if it is not too old, and never a later one."""

from pathlib import Path

import numpy as np
import pytest
from collect_sps_and_if.tables import SPS_AND_IF
from report.pools import Pools

from report.polled import Polled
from tests.report.sheets import sheet_of

AT = "2026-03-01T{}:00+09:00"
START = 1772290800  # 2026-03-01T00:00 in +09:00


@pytest.fixture
def polled(tmp_path: Path) -> Polled:
    rows = [
        (AT.format("00:00"), "us-east-1", "m5.large", 3, 1, "ok"),
        (AT.format("00:10"), "us-east-1", "m5.large", None, 2, "failed"),
        (AT.format("00:20"), "us-east-1", "m5.large", 7, 2, "ok"),
        (AT.format("00:10"), "us-west-2", "m5.large", 9, 0, "ok"),
        ("no time", "us-west-2", "m5.large", 1, 0, "ok"),
        (AT.format("00:20"), "", "m5.large", 1, 0, "ok"),
        (AT.format("00:20"), "us-west-2", "m5.large", 11, 5, "ok"),
    ]
    return Polled.of(sheet_of(tmp_path, SPS_AND_IF, rows), Pools())


def score_at(polled: Polled, pair: int, minutes: float, age: int = 1800) -> float | None:
    found = polled.as_of(polled.score, np.array([pair]), np.array([START + 60 * minutes]), age)[0]
    return None if np.isnan(found) else float(found)


def test_gives_the_last_score_known_before(polled: Polled) -> None:
    assert score_at(polled, 0, 5) == 3
    assert score_at(polled, 0, 25) == 7


def test_a_score_of_the_very_moment_counts(polled: Polled) -> None:
    assert score_at(polled, 0, 20) == 7


def test_never_gives_a_later_score(polled: Polled) -> None:
    assert score_at(polled, 0, 19.99) == 3
    assert score_at(polled, 0, -1) is None


def test_passes_over_what_was_not_known(polled: Polled) -> None:
    assert score_at(polled, 0, 12) == 3


def test_never_gives_another_pairs_score(polled: Polled) -> None:
    assert score_at(polled, 1, 5) is None
    assert score_at(polled, 2, 25) is None


def test_what_is_too_old_is_unknown(polled: Polled) -> None:
    assert score_at(polled, 0, 50) == 7
    assert score_at(polled, 0, 50.1) is None


def test_rows_without_time_or_pair_are_left_out_and_senseless_values_unknown(polled: Polled) -> None:
    assert polled.pair.tolist() == [0, 0, 0, 1, 1]
    assert np.isnan(polled.score[-1])
    assert np.isnan(polled.band[-1])


def test_a_file_of_a_header_only_has_no_rows(tmp_path: Path) -> None:
    assert not len(Polled.of(sheet_of(tmp_path, SPS_AND_IF, []), Pools()).pair)
