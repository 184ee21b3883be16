"""How many instances will be ready a given second after the request? A simple model of the training table.

    python -m collect_launch_time.dataset --output table.parquet
    python -m examples.predict_ready_instances table.parquet

A probe ends with its last ready instance, so late looks exist of slow probes only: every probe is first put on the same
grid of seconds, on which its last count stays. The last quarter of the probes is held out: the model is fitted on the
earlier ones and judged on what came later, as it would be used. It is compared with the plain average curve, which
knows nothing but the seconds. Needs scikit-learn (requirements-dev.txt).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor

from data_files.launches import training_table as columns

# What is known when the request is made, and the second one asks about.
_NUMBERS = (
    columns.SECONDS, columns.SPS, columns.SPS_AGE, columns.SPS_CHANGES, columns.IF, columns.IF_AGE, columns.SAVING,
    columns.VCPUS, columns.HOUR_UTC,
)  # fmt: skip
NUMBERS = [column.name for column in _NUMBERS]
CATEGORIES = [column.name for column in (columns.REGION, columns.FAMILY, columns.SIZE, columns.ARCHITECTURE)]
PROBE = [column.name for column in (columns.REQUEST_TIME, columns.REGION, columns.INSTANCE)]
TIME, SECONDS = columns.REQUEST_TIME.name, columns.SECONDS.name
READY, ASKED = columns.READY.name, columns.INSTANCE_COUNT.name
SHARE = "share"
GRID_SECONDS = range(15, 601, 15)
LEAST_PROBES = 20
SHOWN_SECONDS = (60, 120, 180, 300, 600)
HELD_OUT_SHARE = 0.25


def read_table(path: Path) -> pd.DataFrame:
    """Read the training table and put every probe on the grid; share is the part of its instances that was ready."""
    looks = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    looks[TIME] = pd.to_datetime(looks[TIME], utc=True, format="ISO8601")
    table = on_grid(looks)
    table[SHARE] = table[READY] / table[ASKED]
    for name in CATEGORIES:
        table[name] = table[name].astype("category")
    for name in NUMBERS:
        if table[name].isna().all():  # nothing to learn from; the model wants at least one value
            table[name] = 0.0
    return table


def on_grid(looks: pd.DataFrame) -> pd.DataFrame:
    """Give each probe as many ready instances at each second of the grid as its last look by then had."""
    grid = looks[PROBE].drop_duplicates().merge(pd.DataFrame({SECONDS: map(float, GRID_SECONDS)}), how="cross")
    return pd.merge_asof(grid.sort_values(SECONDS), looks.sort_values(SECONDS), on=SECONDS, by=PROBE).dropna(
        subset=[READY]
    )


def split(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold out the latest probes, whole: looks of one probe on both sides would be cheating."""
    times = table[TIME].drop_duplicates().sort_values()
    first_held_out = times.iloc[int(len(times) * (1 - HELD_OUT_SHARE))]
    is_held_out = table[TIME] >= first_held_out
    return table[~is_held_out], table[is_held_out]


def fit(table: pd.DataFrame) -> HistGradientBoostingRegressor:
    """Fit the share ready; it never falls as the seconds pass."""
    model = HistGradientBoostingRegressor(
        categorical_features="from_dtype",
        monotonic_cst={SECONDS: 1},
        max_iter=200,
        learning_rate=0.05,
        random_state=0,
    )
    return model.fit(_inputs(table), table[SHARE])


def predict(model: HistGradientBoostingRegressor, table: pd.DataFrame) -> pd.Series:
    """Predict the number of ready instances for each row."""
    share = pd.Series(model.predict(_inputs(table)), index=table.index)
    return share.clip(0, 1) * table[ASKED]


def average_curve(fitted_on: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Predict with the average share at that second, whatever the type, the Region or the score."""
    return table[SECONDS].map(fitted_on.groupby(SECONDS)[SHARE].mean()) * table[ASKED]


def errors(table: pd.DataFrame, predicted: pd.Series) -> pd.Series:
    """Give the mean absolute error in instances, by second, and over all of them."""
    off = (predicted - table[READY]).abs()
    by_second = {f"{second} s": off[table[SECONDS] == second].mean() for second in SHOWN_SECONDS}
    return pd.Series({**by_second, "all": off.mean()})


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, predict the held-out probes, and print how far off that is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path, help="made by python -m collect_launch_time.dataset --output")
    table = read_table(parser.parse_args(arguments).table)
    if len(table[PROBE].drop_duplicates()) < LEAST_PROBES:
        parser.exit(2, f"a model wants at least {LEAST_PROBES} probes; collect some more\n")
    fitted_on, held_out = split(table)
    model = fit(fitted_on)
    result = pd.DataFrame(
        {
            "the model": errors(held_out, predict(model, held_out)),
            "the average curve": errors(held_out, average_curve(fitted_on, held_out)),
        }
    )
    probes = len(held_out[PROBE].drop_duplicates())
    print(f"Mean absolute error on {probes} held-out probes, in instances of {held_out[ASKED].mean():.0f}:\n")
    print(result.round(2).to_string(na_rep="-"))
    return 0


def _inputs(table: pd.DataFrame) -> pd.DataFrame:
    return table[NUMBERS + CATEGORIES]


if __name__ == "__main__":
    raise SystemExit(main())
