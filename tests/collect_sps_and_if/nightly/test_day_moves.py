"""A day's changes: counted, scored, and listed with their times."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.nightly.day_moves import moves_of, score_day
from data_files.market.polled import FILES, read_day
from tests.collect_sps_and_if.collected_day import SPS_AND_IF, write

DAY = date(2026, 3, 29)
MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC)

Row = tuple[datetime, str, str, int | None, int | None]

rows = st.lists(
    st.tuples(
        st.builds(
            lambda minutes, hours: (MIDNIGHT + timedelta(minutes=minutes)).astimezone(timezone(timedelta(hours=hours))),
            st.integers(0, 25 * 60).map(lambda minute: minute // 10 * 10),
            st.sampled_from([0, 1, 2, -7]),
        ),
        st.sampled_from(["us-east-1", "eu-west-1"]),
        st.sampled_from(["m5.large", "c6g.large"]),
        st.one_of(st.none(), st.integers(1, 10)),
        st.one_of(st.none(), st.integers(0, 4)),
    ),
    min_size=1,
    max_size=60,
)


def plain_count(looks: dict[float, int | None]) -> int:
    changes, last = 0, None
    for moment in sorted(looks):
        value = looks[moment]
        if value is None:
            continue
        if last is not None and value != last:
            changes += 1
        last = value
    return changes


@given(rows)
def test_counts_equal_those_of_a_plain_count_on_any_input(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    home = tmp_path_factory.getbasetemp()
    write(
        FILES.path(home, DAY),
        SPS_AND_IF,
        [(t.isoformat(), r, i, "" if s is None else s, "" if f is None else f, "ok") for t, r, i, s, f in rows],
    )
    sps: dict[tuple[str, str], dict[float, int | None]] = {}
    frequency: dict[tuple[str, str], dict[float, int | None]] = {}
    for t, region, instance, s, f in rows:
        sps.setdefault((region, instance), {})[t.timestamp()] = s
        frequency.setdefault((region, instance), {})[t.timestamp()] = f

    polled = read_day(home, DAY)
    scored = score_day(polled, moves_of(polled))

    assert {(pair.region, pair.instance): (pair.sps_changes, pair.if_changes) for pair in scored} == {
        pair: (plain_count(sps[pair]), plain_count(frequency[pair])) for pair in sps
    }
    assert all(pair.score == (pair.sps_changes or 0) / 3 + (pair.if_changes or 0) / 5 for pair in scored)
    keys = [(-pair.score, pair.region, pair.instance) for pair in scored]
    assert keys == sorted(keys)


def test_the_step_to_a_score_of_another_target_capacity_is_no_move(tmp_path: Path) -> None:
    path = FILES.path(tmp_path, DAY)
    values = [("00:00", 7, 10), ("00:10", 3, 1), ("00:20", 7, 10), ("00:30", 4, 1), ("00:40", 4, "")]
    rows = [(f"2026-03-29T{at}:00+00:00", "us-east-1", "m5.large", s, 1, "ok", count) for at, s, count in values]
    write(path, f"{SPS_AND_IF},target_capacity", rows)
    moves = moves_of(read_day(tmp_path, DAY))
    assert [(move.before, move.after) for move in moves.placement_score] == [(3, 4)]
    assert moves.frequency == []


def test_a_move_tells_from_what_to_what_and_when_across_unknown_values(tmp_path: Path) -> None:
    path = FILES.path(tmp_path, DAY)
    values = [("00:00", 7, 1), ("00:10", "", 1), ("00:20", 4, ""), ("00:30", 4, 3)]
    write(path, SPS_AND_IF, [(f"2026-03-29T{at}:00+00:00", "us-east-1", "m5.large", s, f, "ok") for at, s, f in values])
    moves = moves_of(read_day(tmp_path, DAY))
    (score,) = moves.placement_score
    assert (f"{score.time:%H:%M}", score.before, score.after, score.size) == ("00:20", 7, 4, 3)
    (frequency,) = moves.frequency
    assert (f"{frequency.time:%H:%M}", frequency.before, frequency.after) == ("00:30", 1, 3)
