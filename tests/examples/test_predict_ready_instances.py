"""The example learns from the intervals of the instance table, and judges itself on probes it has not seen."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.collected_year import write
from collect_launch_time.dataset.table_writer import make_table
from data_files.launches import instance_table
from examples import predict_ready_instances as example
from examples import readiness_curves as curves


@pytest.fixture(scope="module")
def table_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write(home, days=5, probes=48)
    path = home / "instances.parquet"
    with path.open("wb") as file:
        make_table(file, instance_table.TABLE, home, print)
    return path


@pytest.mark.whole_run
def test_the_model_is_better_than_curves_that_know_nothing_on_later_probes_and_on_unseen_pairs(
    table_file: Path,
) -> None:
    parts = example.split(example.read_table(table_file))
    for predict in (example.predict_later, example.predict_unseen):
        by_model, by_median = (
            example.score(parts.held_out, predict(predictor, parts))
            for predictor in (example.by_model, curves.median_curve)
        )
        assert by_model["Brier"] < 0.7 * by_median["Brier"]
        assert (by_model < by_median).all()


@pytest.mark.whole_run
def test_it_prints_how_good_it_is_and_draws_how_reliable(table_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = table_file.with_name("reliability.png")
    assert example.main([str(table_file), "--picture", str(picture)]) == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ("held-out probes", "Brier", "CRPS", "MAE", *example.PREDICTORS))
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.whole_run
def test_no_probe_is_on_both_sides_and_the_held_out_ones_are_the_latest(table_file: Path) -> None:
    parts = example.split(example.read_table(table_file))
    assert parts.known["request_time"].max() < parts.held_out["request_time"].min()
    assert len(parts.held_out) / (len(parts.known) + len(parts.held_out)) == pytest.approx(0.25, abs=0.02)


@pytest.mark.whole_run
def test_no_unseen_pair_is_among_those_learned_from(table_file: Path) -> None:
    parts = example.split(example.read_table(table_file))

    def predictor(known: pd.DataFrame, unseen: pd.DataFrame) -> pd.Series:
        pairs = [set(zip(part["region"], part["instance"], strict=True)) for part in (known, unseen)]
        assert not pairs[0] & pairs[1]
        return unseen[curves.ASKED]

    assert example.predict_unseen(predictor, parts).notna().all()


def read(tmp_path: Path, *instances: dict[str, Any]) -> pd.DataFrame:
    """What is read of a probe's instances, by second."""
    shared = {
        "request_time": "2026-03-01T12:00:00+09:00",
        "region": "us-east-1",
        "instance": "m5.large",
        "instance_count": len(instances),
        "stage": "ready",
        "until": "ready",
        "timeout": 600.0,
        "sps": 3,
    }
    nothing = dict.fromkeys(instance_table.TABLE.header)
    pd.DataFrame([{**nothing, **shared, **one} for one in instances]).to_csv(tmp_path / "instances.csv", index=False)
    return example.read_table(tmp_path / "instances.csv").set_index("seconds")


def test_an_instance_gets_ready_within_its_interval(tmp_path: Path) -> None:
    table = read(tmp_path, {"last_no": 30.0, "first_yes": 33.0}, {"last_no": 30.0, "first_yes": 60.0})
    assert table.loc[[15.0, 30.0, 45.0, 60.0, 600.0], "ready_instances"].tolist() == [0, 0, 1.5, 2, 2]
    assert table.loc[[30.0, 45.0, 60.0, 75.0], "events"].tolist() == [0, 1.5, 0.5, 0]
    assert table.loc[[30.0, 45.0, 60.0, 75.0], "at_risk"].tolist() == [2, 2, 0.5, 0]


def test_an_instance_that_we_or_others_ended_counts_until_its_last_look_only(tmp_path: Path) -> None:
    table = read(tmp_path, {"last_no": 58.0, "cause": "us"}, {"last_no": 87.0, "first_yes": 90.0})
    assert table.loc[[45.0, 60.0, 75.0], "known"].tolist() == [2, 2, 1]
    assert table.loc[[60.0, 90.0], "share"].tolist() == [0, 1]
    assert table.loc[90.0, "ready_instances"] == 2, "of two asked for, if the other fared alike"


def test_an_instance_that_the_market_ended_is_not_ready_until_the_timeout(tmp_path: Path) -> None:
    table = read(tmp_path, {"last_no": 58.0, "cause": "market"}, {"last_no": 87.0, "first_yes": 90.0})
    assert table.loc[[60.0, 90.0, 600.0], "share"].tolist() == [0, 0.5, 0.5]


def test_nothing_is_learned_of_what_says_nothing_about_readiness(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        {"last_no": 87.0, "first_yes": 90.0},
        {"last_no": None, "cause": "account"},
        {"last_no": 6.0, "until": "fulfilled"},
        {"last_no": 6.0, "stage": "running"},
    )
    assert set(table["known"]) == {1}


def test_the_brier_score_crps_and_error_of_a_known_forecast(tmp_path: Path) -> None:
    table = read(tmp_path, {"last_no": 299.999, "first_yes": 300.0}, {"last_no": 600.0, "cause": "us"})
    found = example.score(table.reset_index(), pd.Series(1.0, index=range(len(table))))
    assert found["Brier"] == pytest.approx(0.25 * 19 / 40)
    assert found["MAE"] == pytest.approx(19 / 40)
    assert found["CRPS, s"] == pytest.approx(15 * 40 * 0.25)


def test_a_pairs_curve_is_drawn_to_wider_ones_the_fewer_probes_it_has() -> None:
    def probes(region: str, instance: str, share: float, number: int) -> list[dict[str, Any]]:
        row = {"region": region, "instance": instance, "seconds": 15.0, "share": share, "instance_count": 1}
        return [row] * number

    known = pd.DataFrame([*probes("us-east-1", "m5.large", 1.0, 5), *probes("eu-west-1", "c5.large", 0.0, 5)])
    asked = pd.DataFrame(
        [*probes("us-east-1", "m5.large", 0, 1), *probes("eu-west-1", "m5.large", 0, 1), *probes("x", "t3.nano", 0, 1)]
    )
    assert curves.pair_curve(known, asked).tolist() == [0.875, 0.75, 0.5]


def test_a_score_that_was_never_probed_has_the_curve_of_all() -> None:
    rows = [{"sps": sps, "seconds": 15.0, "events": events, "at_risk": 10} for sps, events in ((1, 2), (9, 8))]
    asked = pd.DataFrame({"sps": [1, 9, 5, None], "seconds": 15.0, "instance_count": 1})
    assert curves.score_curve(pd.DataFrame(rows), asked).tolist() == pytest.approx([0.2, 0.8, 0.5, 0.5])
