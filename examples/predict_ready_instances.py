"""How many of N instances will be ready by which second? The baseline that a better model has to beat.

    python -m collect_launch_time.dataset --instances instances.parquet
    python -m examples.predict_ready_instances instances.parquet

Each instance became ready in an interval, or is censored: from the intervals of a probe follow the instances that were
still waiting at each second of a grid, and those that got ready by the next. To these a discrete-time hazard model is
fitted: gradient boosting of the chance to get ready within the next step, given what was known at the request, and how
late it is for instances of that family in that Region. It is judged on the last quarter of the probes, as it would be
used; and on the same probes again with their pairs unseen. Beside it stand curves that know nothing, or the pair only,
or the score only. Needs pandas and scikit-learn (script/install dev).
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from data_files.launches import instance_table
from data_files.launches import training_table as columns
from data_files.launches.instances import CAUSE, MARKET
from data_files.launches.probes import FULFILLED, TIMEOUT_SECONDS, UNTIL
from examples import readiness_curves as curves
from examples.readiness_curves import ASKED, AT_RISK, EVENTS, KNOWN, PROBE, READY, SECONDS, SHARE, TIME
from examples.usual_seconds import usual_seconds

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

_CHANGES, _LOOKS, _VCPUS = columns.SPS_CHANGES_24H.name, columns.SPS_LOOKS.name, columns.VCPUS.name
RESTLESSNESS = "sps_changes_a_look"
"""Of the score: pairs are polled since midnight, or for days."""
LOG_VCPUS = "log2_vcpus"
LATE = "late"
"""Seconds since ready instances usually were so: of a family, in a Region."""
# Few: the ten instances of a probe fare alike, so that a thousand probes are hardly more than a thousand observations.
# With Region, family and hour besides, the model learned its probes by heart, and was worse on later ones and others:
# family and Region speak through LATE. Weights of 1 / probability, up to 3 or 8, left all as it was.
INPUTS = [curves.SCORE, RESTLESSNESS, columns.IF.name, columns.SAVING.name, LOG_VCPUS]
STEP_SECONDS = 15
GRID = np.arange(STEP_SECONDS, 601, STEP_SECONDS, dtype=np.float64)
BETWEEN_LOOKS = 5.0
"""Seconds: one that was not ready at the last look, so shortly before, is not ready now."""
LEAST_PROBES = 20
HELD_OUT_SHARE = 0.25
FOLDS = 4

Predictor = Callable[[pd.DataFrame, pd.DataFrame], pd.Series]
"""Takes probes to learn from, and probes to predict: how many of their instances are ready at each second."""


def read_table(path: Path) -> pd.DataFrame:
    """Read the instance table, and give a row a probe and second of the grid: how many are known, waiting, ready."""
    rows = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    rows = rows[(rows[instance_table.STAGE.name] == instance_table.READY) & (rows[UNTIL.name] != FULFILLED)]
    rows = rows.dropna(subset=[instance_table.LAST_NO.name])
    rows[TIME] = pd.to_datetime(rows[TIME], utc=True, format="ISO8601")
    probe = rows.groupby(PROBE, sort=True, observed=True)
    table = probe.first().reset_index().merge(pd.DataFrame({SECONDS: GRID}), how="cross")
    counts = pd.DataFrame(_on_grid(rows).reshape(len(rows), -1), index=rows.index)
    sums = counts.groupby([rows[name] for name in PROBE], sort=True).sum().to_numpy()
    table[[KNOWN, AT_RISK, EVENTS, READY]] = sums.reshape(len(sums), 4, len(GRID)).swapaxes(1, 2).reshape(-1, 4)
    table[SHARE] = table[READY] / table[KNOWN].where(table[KNOWN] > 0)
    table[READY] = table[SHARE] * table[ASKED]
    changes, looks, vcpus = (table[name].astype(np.float64) for name in (_CHANGES, _LOOKS, _VCPUS))
    table[RESTLESSNESS] = (changes + 0.2) / (looks + 2)  # drawn to one change in ten looks
    table[LOG_VCPUS] = np.log2(vcpus)
    for name in INPUTS:
        table[name] = table[name].astype(np.float64)
        if table[name].isna().all():  # nothing to learn from; the model wants at least one value
            table[name] = 0.0
    return table[table[KNOWN] > 0]


def _on_grid(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Give for each instance and second whether it is known, waiting at the step's beginning, gets ready in it, ready.

    Within its interval an instance is taken to get ready at any moment alike.
    """
    last_no, first_yes = (
        rows[column.name].to_numpy(np.float64)[:, np.newaxis]
        for column in (instance_table.LAST_NO, instance_table.FIRST_YES)
    )
    came = np.clip((GRID - last_no) / np.maximum(first_yes - last_no, 1e-3), 0, 1)
    before = np.concatenate([np.zeros_like(last_no), came[:, :-1]], axis=1)
    # What the market ended would not have come later either.
    timeout = rows[TIMEOUT_SECONDS.name].fillna(GRID[-1]).to_numpy(np.float64)
    until = np.where(rows[CAUSE.name] == MARKET, timeout, last_no[:, 0])[:, np.newaxis]
    is_known = np.where(np.isnan(first_yes), until + BETWEEN_LOOKS >= GRID, True)
    came, before = np.nan_to_num(came), np.nan_to_num(before)
    return np.stack([is_known, is_known * (1 - before), is_known * (came - before), is_known * came], axis=1)


def fit(table: pd.DataFrame) -> "HistGradientBoostingClassifier":
    """Fit the chance of an instance that waits to get ready within the step that ends at the row's second."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # two seconds, which --help and others need not wait

    outcomes = np.repeat([1, 0], len(table))
    weights = np.concatenate([table[EVENTS], table[AT_RISK] - table[EVENTS]])
    inputs = pd.concat([table[[LATE, *INPUTS]]] * 2, ignore_index=True)
    model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=300,
        l2_regularization=10.0,
        random_state=0,
    )
    counted = weights > 1e-9
    with threadpool_limits(1):  # on a busy machine its threads wait for each other
        return model.fit(inputs[counted], outcomes[counted], weights[counted])


def predict(model: "HistGradientBoostingClassifier", table: pd.DataFrame) -> pd.Series:
    """Predict the number of ready instances for each row; of each probe there must be all seconds, in order."""
    waits_on = pd.Series(1 - model.predict_proba(table[[LATE, *INPUTS]])[:, 1], index=table.index)
    waiting = waits_on.groupby([table[name] for name in PROBE], observed=True).cumprod()
    return (1 - waiting) * table[ASKED]


def by_model(fitted_on: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Fit the model and predict with it."""
    known = fitted_on.assign(**{LATE: fitted_on[SECONDS] - _usual_seconds_elsewhere(fitted_on)})
    return predict(fit(known), table.assign(**{LATE: table[SECONDS] - usual_seconds(fitted_on, table, INPUTS)}))


def _usual_seconds_elsewhere(table: pd.DataFrame) -> pd.Series:
    """Give what the others would let expect of each pair: what it took itself is what the model shall learn."""
    (folds,) = _folds(table)
    return pd.concat(
        [
            usual_seconds(table[folds != fold] if (folds != fold).any() else table, table[folds == fold], INPUTS)
            for fold in set(folds.tolist())
        ]
    ).reindex(table.index)


PREDICTORS: dict[str, Predictor] = {
    "hazard model": by_model,
    "median curve": curves.median_curve,
    "pair's curve, with back-off": curves.pair_curve,
    "Kaplan-Meier by score": curves.score_curve,
}


@dataclass(frozen=True)
class Split:
    """The earlier probes, to learn from, and the latest ones, held out; whole probes."""

    known: pd.DataFrame
    held_out: pd.DataFrame


def split(table: pd.DataFrame) -> Split:
    """Hold out the latest probes."""
    times = table[TIME].drop_duplicates().sort_values()
    is_held_out = table[TIME] >= times.iloc[int(len(times) * (1 - HELD_OUT_SHARE))]
    return Split(table[~is_held_out], table[is_held_out])


def predict_later(predictor: Predictor, parts: Split) -> pd.Series:
    """Predict the held-out probes from all earlier ones."""
    return predictor(parts.known, parts.held_out)


def predict_unseen(predictor: Predictor, parts: Split) -> pd.Series:
    """Predict the held-out probes from earlier ones of other pairs: each quarter of the pairs from the others."""
    folds = _folds(parts.known, parts.held_out)
    predicted = [
        predictor(parts.known[folds[0] != fold], parts.held_out[folds[1] == fold])
        for fold in range(FOLDS)
        if (folds[1] == fold).any() and (folds[0] != fold).any()
    ]
    return pd.concat(predicted).reindex(parts.held_out.index)


def score(table: pd.DataFrame, predicted: pd.Series) -> pd.Series:
    """Judge predicted numbers of ready instances, over probes and seconds; less is better.

    Brier: squared error of the ready share. CRPS: of the time until an instance is ready, in seconds, up to the grid's
    end. MAE: absolute error of the number of ready instances.
    """
    chance, share = predicted / table[ASKED], table[SHARE]
    instances = table[KNOWN] * ((1 - chance) ** 2 * share + chance**2 * (1 - share))
    by_second = pd.DataFrame({SECONDS: table[SECONDS], "off": instances, KNOWN: table[KNOWN]}).groupby(SECONDS).sum()
    return pd.Series(
        {
            "Brier": ((chance - share) ** 2).mean(),
            "CRPS, s": STEP_SECONDS * (by_second["off"] / by_second[KNOWN]).sum(),
            "MAE": (predicted - table[READY]).abs().mean(),
        }
    )


def reliability(table: pd.DataFrame, predicted: pd.Series) -> pd.DataFrame:
    """Give by tenths of the predicted share: how many rows, the mean predicted share, and the share that came."""
    chance = (predicted / table[ASKED]).clip(0, 1)
    tenth = np.minimum((10 * chance).astype(int), 9)
    rows = pd.DataFrame({"predicted": chance, "came": table[SHARE]})
    found = rows.groupby(tenth).agg(rows=("came", "size"), predicted=("predicted", "mean"), came=("came", "mean"))
    return found.set_axis([f"{place / 10:.1f} - {(place + 1) / 10:.1f}" for place in found.index])


def draw_reliability(found: pd.DataFrame, path: Path) -> None:
    """Draw the reliability diagram into a picture file."""
    import altair as alt

    x, y = (
        alt.X("predicted", title="predicted share of ready instances", scale=alt.Scale(domain=[0, 1])),
        alt.Y("came", title="share that came", scale=alt.Scale(domain=[0, 1])),
    )
    exact = alt.Chart(pd.DataFrame({"predicted": [0, 1], "came": [0, 1]})).mark_line(color="#b3b3b3").encode(x, y)
    alt.layer(exact, alt.Chart(found).mark_line(point=True).encode(x, y)).save(path, format="png", scale_factor=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, predict the held-out probes, and print how good that is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path, help="made by python -m collect_launch_time.dataset --instances")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw the reliability diagram")
    given = parser.parse_args(arguments)
    table = read_table(given.table)
    if len(table[PROBE].drop_duplicates()) < LEAST_PROBES:
        parser.exit(2, f"a model wants at least {LEAST_PROBES} probes; collect some more\n")
    parts = split(table)
    later = {name: predict_later(predictor, parts) for name, predictor in PREDICTORS.items()}
    unseen = {name: predict_unseen(predictor, parts) for name, predictor in PREDICTORS.items()}
    scores = {
        "later probes": pd.DataFrame({name: score(parts.held_out, one) for name, one in later.items()}).T,
        "of unseen pairs": pd.DataFrame({name: score(parts.held_out, one) for name, one in unseen.items()}).T,
    }
    probes = len(parts.held_out[PROBE].drop_duplicates())
    print(f"{probes} held-out probes of {parts.held_out[ASKED].mean():.0f} instances; less is better:\n")
    print(pd.concat(scores, axis=1).round(3).to_string(na_rep="-"))
    found = reliability(parts.held_out, unseen["hazard model"])
    print("\nReliability of the model, pairs unseen: of the share predicted, so much came:\n")
    print(found.round(2).to_string())
    if given.picture:
        draw_reliability(found, given.picture)
    return 0


def _folds(*tables: pd.DataFrame) -> list[NDArray[np.int64]]:
    """Give which of FOLDS parts each row is in: whole pairs, the same in all tables."""
    pairs = sorted({pair for table in tables for pair in _pairs(table)})
    Random(0).shuffle(pairs)
    fold_of = {pair: number % FOLDS for number, pair in enumerate(pairs)}
    return [np.array([fold_of[pair] for pair in _pairs(table)]) for table in tables]


def _pairs(table: pd.DataFrame) -> list[Any]:
    return list(zip(*(table[name] for name in curves.PAIR), strict=True))


if __name__ == "__main__":
    raise SystemExit(main())
