"""What a day's launch-time probes came to, read from the files they leave."""

from pathlib import Path

import pytest

from collect_sps_and_if.nightly.probe_results import ProbeResults, probe_results
from data_files.launches import looks, probes
from data_files.launches.probes import EndedProbe
from tests.collect_sps_and_if.collected_day import DAY, write_probes


def results(home: Path) -> ProbeResults:
    return probe_results(home, DAY)


def test_a_pairs_probes_are_summed_up(tmp_path: Path) -> None:
    write_probes(tmp_path)
    (pair,) = results(tmp_path).pairs
    assert (pair.region, pair.instance) == ("us-east-1", "m5.large")
    assert (pair.probes, pair.asked, pair.fulfilled, pair.ready) == (2, 20, 20, 18)
    assert pair.median_seconds == 150
    assert pair.usd == 0.21


@pytest.mark.parametrize(
    ("until", "ended", "is_counted"),
    [
        ("ready", "all_ready", True),
        ("ready", "timeout", True),
        ("", "", True),
        ("ready", "stopped", False),
        ("ready", "refused", False),
        ("ready", "lost", False),
        ("fulfilled", "all_fulfilled", False),
        ("fulfilled", "timeout", False),
    ],
)
def test_a_probe_that_tells_no_readiness_is_not_counted(
    tmp_path: Path, until: str, ended: str, is_counted: bool
) -> None:
    write_probes(tmp_path)
    first = next(looks.FILES.rows(tmp_path, DAY))
    row = EndedProbe(
        first.request_time, first.region, first.instance, 10, "top", 1.0, until or None, 600.0, 3.0, None, ended or None
    )
    probes.FILES.append(probes.FILES.path(tmp_path, DAY), [row])
    found = results(tmp_path)
    assert (found.probes, found.pairs[0].asked) == ((2, 20) if is_counted else (1, 10))
    assert found.not_counted == (not is_counted)
    assert found.usd == 0.21, "what it cost it cost"


def test_requests_are_counted_by_their_outcome(tmp_path: Path) -> None:
    write_probes(tmp_path)
    assert results(tmp_path).outcomes == {"ready": 18, "capacity-not-available": 2}


def test_without_probes_all_is_zero(tmp_path: Path) -> None:
    none = results(tmp_path)
    assert (none.probes, none.usd, list(none.pairs)) == (0, 0, [])


def test_a_senseless_cell_costs_itself_only(tmp_path: Path) -> None:
    write_probes(tmp_path)
    spending = tmp_path / "collect_launch_time" / "data" / "spending" / f"{DAY}.csv"
    spending.write_text(spending.read_text() + "x,us-east-1,m5.large,10,60,inf\nx,us-east-1,m5.large,10,60,0.04\n")
    assert results(tmp_path).usd == 0.25
