"""Probes know what was known when they were requested; past a number, a random part of them is drawn."""

from pathlib import Path
from typing import Any

import pytest

from data_files.launches import instances, looks, probes
from data_files.market import polled
from report.gather import endings
from report.gather import launches as module
from report.gather.launches import LaunchHistory, outcomes_of
from report.gather.looks import Looks
from report.gather.pairs import PairNumbers
from report.gather.polled import KnownAtRequests, PolledArrays
from tests.report.gather.day_file import read_rows

DAY = 20513  # 2026-03-01


def look(hour: int, minute: int, seconds: int = 3, day: int = 1) -> tuple[Any, ...]:
    at = f"2026-03-0{day}T{hour:02d}:{minute:02d}:"
    return ("us-east-1", "m5.large", 2, f"{at}00+09:00", f"{at}{seconds:02d}+09:00", 1, 2, 2)


@pytest.fixture
def pairs() -> PairNumbers:
    return PairNumbers()


def looks_of(home: Path, pairs: PairNumbers, *rows: tuple[Any, ...]) -> Looks:
    return Looks.of(read_rows(home, looks.FILES, rows), pairs)


def test_a_probe_is_given_the_score_and_band_last_polled_before_it(tmp_path: Path, pairs: PairNumbers) -> None:
    rows = [
        (f"2026-03-01T00:{minute:02d}:00+09:00", "us-east-1", "m5.large", minute // 10 + 1, 2, "ok")
        for minute in (0, 10)
    ]
    arrays = PolledArrays.of(read_rows(tmp_path, polled.FILES, rows), pairs)
    launches = LaunchHistory()
    known = KnownAtRequests(pairs, lambda: (arrays, pairs))
    launches.add(DAY, looks_of(tmp_path, pairs, look(0, 9), look(0, 11), look(3, 0)), known)
    launches.finish()
    assert [(launch.score, launch.band) for launch in reversed(launches.launches)] == [(1, 2), (2, 2), (None, None)]


def test_a_probe_over_midnight_is_one_probe(tmp_path: Path, pairs: PairNumbers) -> None:
    launches = LaunchHistory()
    launches.add(DAY + 1, looks_of(tmp_path, pairs, look(23, 59, 50)), None)
    assert launches.seen == 0
    launches.add(DAY, looks_of(tmp_path, pairs, look(23, 59, 3)), None)
    assert (launches.seen, launches.launches[0].probe.seconds) == (1, 50)


def test_what_waits_for_a_day_without_a_file_is_taken_at_the_end(tmp_path: Path, pairs: PairNumbers) -> None:
    launches = LaunchHistory()
    launches.add(DAY + 1, looks_of(tmp_path, pairs, look(23, 59)), None)
    launches.finish()
    assert launches.seen == 1


def test_a_request_soon_after_midnight_is_given_what_was_polled_before_it(tmp_path: Path, pairs: PairNumbers) -> None:
    rows = [("2026-02-28T23:50:00+09:00", "us-east-1", "m5.large", 3, 2, "ok")]
    evening = PolledArrays.of(read_rows(tmp_path, polled.FILES, rows), pairs)
    launches = LaunchHistory()
    launches.add(DAY, looks_of(tmp_path, pairs, look(0, 5), look(0, 25), look(12, 0)), None)
    launches.add(DAY - 1, Looks.none(), KnownAtRequests(pairs, lambda: (evening, pairs)))
    launches.finish()
    known = {launch.probe.wall % 86400 // 60: (launch.score, launch.band) for launch in launches.launches}
    assert known == {5: (3, 2), 25: (None, None), 720: (None, None)}


def test_probes_are_told_apart_by_how_they_ended(tmp_path: Path, pairs: PairNumbers) -> None:
    launches = LaunchHistory()
    seen = looks_of(tmp_path, pairs, *(look(hour, 30) for hour in range(9)))
    ends = [
        ("ready", "all_ready"),
        ("ready", "timeout"),
        ("", ""),
        ("fulfilled", "all_fulfilled"),
        ("fulfilled", "timeout"),
        ("ready", "stopped"),
        ("ready", "refused"),
        ("fulfilled", "lost"),
    ]
    rows = [
        (look(hour, 30)[3], "us-east-1", "m5.large", 2, "top", 1, until, 600, 3, "", ended)
        for hour, (until, ended) in enumerate(ends)
    ]
    rows.append((look(0, 30)[3], "us-east-1", "c5.large", 2, "top", 1, "ready", 600, 3, "", "refused"))
    found = endings.endings_of(read_rows(tmp_path, probes.FILES, rows), pairs)
    launches.add(DAY, seen, None, found)
    launches.finish()
    told = [launch.ending for launch in sorted(launches.launches, key=lambda launch: launch.probe.wall)]
    assert told == [*endings.ENDINGS, endings.ENDED_UNKNOWN], "one without a row is that of an older version"
    telling = [probes.tells_readiness(until or None, ended or None) for until, ended in ends]
    assert launches.table().telling == telling, "as the training table has it"
    assert launches.endings[DAY, pairs.number("us-east-1", "c5.large"), "refused"] == 1, "though nobody looked at it"
    assert launches.endings.total() == 10


def test_past_the_limit_a_random_part_of_all_probes_is_kept(
    tmp_path: Path, pairs: PairNumbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PROBES", 200)
    launches = LaunchHistory()
    rows = [look(hour, minute, second) for hour in range(24) for minute in range(60) for second in (3, 6)]
    launches.add(DAY, looks_of(tmp_path, pairs, *rows), None)
    launches.finish()
    assert launches.seen == launches.endings.total() == 1440
    assert 100 <= len(launches.launches) <= 200
    hours = [launch.probe.wall % 86400 // 3600 for launch in launches.launches]
    assert 4 < sum(hours) / len(hours) < 19, "neither the newest nor the oldest only"


def test_the_same_files_give_the_same_part(tmp_path: Path, pairs: PairNumbers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PROBES", 5)
    rows = [look(hour, minute) for hour in range(4) for minute in range(10)]
    kept = []
    for _ in range(2):
        launches = LaunchHistory()
        launches.add(DAY, looks_of(tmp_path, pairs, *rows), None)
        launches.finish()
        kept.append(launches.table())
    assert kept[0] == kept[1]


def test_outcomes_are_counted_by_day_and_pair(tmp_path: Path, pairs: PairNumbers) -> None:
    def request(outcome: str, instance: str = "m5.large") -> list[str]:
        cells = {"region": "us-east-1", "instance": instance, "outcome": outcome, "request_time": "2026-03-01T00:00Z"}
        return [cells.get(name, "") for name in instances.FILES.header]

    rows = [request("ready"), request("ready"), request("capacity-not-available"), request("ready", ""), request("")]
    launches = LaunchHistory()
    launches.add_outcomes(DAY, outcomes_of(read_rows(tmp_path, instances.FILES, rows), pairs))
    table = launches.table()
    assert table.outcomes == ["ready", "capacity-not-available"]
    assert table.outcome_rows == [DAY, 0, 1, 1, DAY, 0, 0, 2]
