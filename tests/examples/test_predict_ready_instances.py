"""The example learns something from the training table, and judges itself on probes it has not seen."""

from pathlib import Path

import pandas as pd
import pytest
from collect_launch_time.dataset.table_rows import training_rows

from benchmarks.collected_year import write
from collect_launch_time.dataset.table_writer import write_parquet
from examples import predict_ready_instances as example

pytestmark = pytest.mark.whole_run


@pytest.fixture(scope="module")
def table_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write(home, days=5, probes=48)
    path = home / "table.parquet"
    with path.open("wb") as file:
        write_parquet(file, training_rows(home, print))
    return path


def test_the_model_is_better_than_the_average_curve_on_held_out_probes(table_file: Path) -> None:
    fitted_on, held_out = example.split(example.read_table(table_file))
    by_model = example.errors(held_out, example.predict(example.fit(fitted_on), held_out))
    by_average = example.errors(held_out, example.average_curve(fitted_on, held_out))
    assert by_model["all"] < 0.8 * by_average["all"]


def test_no_probe_is_on_both_sides_and_the_held_out_ones_are_the_latest(table_file: Path) -> None:
    fitted_on, held_out = example.split(example.read_table(table_file))
    assert fitted_on["request_time"].max() < held_out["request_time"].min()
    assert len(held_out) / (len(fitted_on) + len(held_out)) == pytest.approx(0.25, abs=0.02)


def test_a_probe_that_was_over_early_keeps_its_last_count_to_the_end_of_the_grid() -> None:
    looks = pd.DataFrame(
        {
            "request_time": pd.Timestamp("2026-03-01T12:00:00Z"),
            "region": "us-east-1",
            "instance": "m5.large",
            "seconds": [3.0, 31.0, 46.0],
            "ready_instances": [0, 4, 10],
        }
    )
    ready = example.on_grid(looks).set_index("seconds")["ready_instances"]
    assert ready[[15.0, 30.0, 45.0, 60.0, 600.0]].tolist() == [0, 0, 4, 10, 10]


def test_it_prints_how_good_it_is(table_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert example.main([str(table_file)]) == 0
    assert "held-out probes" in capsys.readouterr().out
