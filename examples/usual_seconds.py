"""How many seconds instances usually take until they are ready: some families of types boot slower, some Regions too.

Linear, with random effects: a family, a Region, a type and a pair each have a factor of their own, drawn to one the
fewer probes tell of it. So a pair that was never probed has what its type, family and Region took elsewhere.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_files.launches import training_table as columns
from examples.readiness_curves import EVENTS, INSTANCE, PROBE, REGION, SECONDS

FAMILY = columns.FAMILY.name
_PAIR, _NUMBERS = "pair", "numbers"
_SPREAD = {FAMILY: 1.0, REGION: 0.6, INSTANCE: 0.35, _PAIR: 0.5}
"""How much of each differ from the mean, as multiples of how much the probes of one pair differ; by guess."""


def usual_seconds(fitted_on: pd.DataFrame, table: pd.DataFrame, inputs: list[str]) -> pd.Series:
    """Give for each row of a table the seconds that its probe's ready instances would usually have taken.

    Learned from the rows of other probes; `inputs` are columns of numbers that may tell something of it, too.
    """
    from sklearn.compose import ColumnTransformer  # two seconds, which --help and others need not wait
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    known = _probes(fitted_on, inputs)
    taken = (known[SECONDS] / known[EVENTS].where(known[EVENTS] > 0)).to_numpy(np.float64)
    is_ready = ~np.isnan(taken)
    if not is_ready.any():
        return pd.Series(0.0, index=table.index)
    numbers = make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler())
    model = make_pipeline(
        ColumnTransformer(
            [
                *((name, OneHotEncoder(handle_unknown="ignore"), [name]) for name in _SPREAD),
                (_NUMBERS, numbers, inputs),
            ],
            transformer_weights=_SPREAD,
        ),
        Ridge(),
    )
    model.fit(known[is_ready], np.log(taken[is_ready]))
    asked = _probes(table, inputs)
    found: NDArray[np.float64] = np.exp(model.predict(asked))
    of_probe = pd.Series(found, index=pd.MultiIndex.from_frame(asked[PROBE]))
    return pd.Series(of_probe.reindex(pd.MultiIndex.from_frame(table[PROBE])).to_numpy(), index=table.index)


def _probes(table: pd.DataFrame, inputs: list[str]) -> pd.DataFrame:
    """Give a row a probe: its inputs, how many of its instances became ready, and the sum of the seconds they took."""
    middle = table[SECONDS] - table[SECONDS].min() / 2  # of the step that ends at each second
    rows = table.assign(**{SECONDS: table[EVENTS] * middle})
    wanted = {FAMILY: "first", **dict.fromkeys(inputs, "first"), EVENTS: "sum", SECONDS: "sum"}
    found = rows.groupby(PROBE, sort=False, observed=True).agg(wanted).reset_index()
    return found.assign(**{_PAIR: found[REGION] + " " + found[INSTANCE]})
