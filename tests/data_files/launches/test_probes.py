"""Probes and their selection: what is known before AWS is asked completes the row of a probe whose run died."""

from datetime import datetime
from pathlib import Path

from data_files.launches import probes, selection
from data_files.launches.probes import LOST, READY, SAMPLE, TIMED_OUT
from data_files.launches.selection import SelectionRow
from tests.data_files.odd_cells import DAY, write

REQUESTED = datetime.fromisoformat("2026-03-01T12:00:00.250+09:00")
ENDED = datetime.fromisoformat("2026-03-01T12:10:00+09:00")
SELECTED = SelectionRow("token", REQUESTED, "us-east-1", "m5.large", 10, SAMPLE, 0.125, READY, 600.0, 3.0)


def test_a_probe_is_told_with_how_it_was_selected(tmp_path: Path) -> None:
    selection.FILES.append(selection.FILES.path(tmp_path, DAY), [SELECTED])
    row = selection.by_token(tmp_path, DAY)["token"].ended(ENDED, LOST)
    probes.FILES.append(probes.FILES.path(tmp_path, DAY), [row])
    assert probes.FILES.path(tmp_path, DAY).read_text().splitlines()[1] == (
        "2026-03-01T12:00:00.250+09:00,us-east-1,m5.large,10,sample,0.125,ready,600.0,3.0,2026-03-01T12:10:00+09:00,lost"
    )
    assert probes.ended_probes(tmp_path, DAY) == {row.key: row}


def test_of_two_rows_of_one_probe_the_first_counts(tmp_path: Path) -> None:
    rows = [SELECTED.ended(ENDED, TIMED_OUT), SELECTED.ended(ENDED, LOST)]
    probes.FILES.append(probes.FILES.path(tmp_path, DAY), rows)
    assert probes.ended_probes(tmp_path, DAY) == {rows[0].key: rows[0]}


def test_a_probe_of_which_only_the_pair_is_known_makes_sense(tmp_path: Path) -> None:
    write(
        probes.FILES,
        tmp_path,
        [{"request_time": "2026-03-01T12:00:00.250+09:00", "region": "us-east-1", "instance": "m5.large"}],
    )
    assert [row.ended for row in probes.FILES.rows(tmp_path, DAY)] == [None]
