"""Readiness curves that know little: the yardsticks of a model. Each is learned from some probes' rows."""

import pandas as pd

from data_files.launches import training_table as columns

TIME, REGION, INSTANCE = (column.name for column in (columns.REQUEST_TIME, columns.REGION, columns.INSTANCE))
PROBE = [TIME, REGION, INSTANCE]
PAIR = [REGION, INSTANCE]
SECONDS, READY, ASKED, SCORE = (
    column.name for column in (columns.SECONDS, columns.READY_INSTANCES, columns.INSTANCE_COUNT, columns.SPS)
)
KNOWN, AT_RISK, EVENTS, SHARE = "known", "at_risk", "events", "share"
"""Of a probe's instances: of how many it is known whether they are ready, how many still wait at the beginning of the
step that ends at this second, how many get ready in it; and the share of the known ones that is ready."""
WORTH = 5.0
"""Probes of its own that weigh as much as the next wider curve."""


def average_curve(fitted_on: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Predict with the mean share at that second, whatever the type, the Region or the score."""
    return table[SECONDS].map(fitted_on.groupby(SECONDS)[SHARE].mean()) * table[ASKED]


def median_curve(fitted_on: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Predict with the median share at that second: of all that knows nothing the best in absolute error."""
    return table[SECONDS].map(fitted_on.groupby(SECONDS)[SHARE].median()) * table[ASKED]


def pair_curve(fitted_on: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Predict with the pair's own mean curve, drawn to its type's the fewer probes it has, and that to the average."""
    share = average_curve(fitted_on, table) / table[ASKED]
    for group in ([INSTANCE], PAIR):
        own = fitted_on.groupby([*group, SECONDS], observed=True)[SHARE].agg(["mean", "size"])
        found = table[[*group, SECONDS]].join(own, on=[*group, SECONDS])
        probes = found["size"].fillna(0)
        share = (probes * found["mean"].fillna(0) + WORTH * share) / (probes + WORTH)
    return share * table[ASKED]


def score_curve(fitted_on: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Predict with the Kaplan-Meier curve of all probes that had this placement score; without a score, of all."""
    overall = table[SECONDS].map(_kaplan_meier(fitted_on, []))
    by_score = _kaplan_meier(fitted_on.dropna(subset=[SCORE]), [SCORE])
    found = table[[SCORE, SECONDS]].join(by_score.rename(SHARE), on=[SCORE, SECONDS])[SHARE]
    return found.fillna(overall) * table[ASKED]


def _kaplan_meier(fitted_on: pd.DataFrame, group: list[str]) -> pd.Series:
    """Give the share that is ready by group and second."""
    sums = fitted_on.groupby([*group, SECONDS])[[EVENTS, AT_RISK]].sum()
    waits_on = 1 - (sums[EVENTS] / sums[AT_RISK].where(sums[AT_RISK] > 0)).fillna(0)
    return 1 - (waits_on.groupby(group).cumprod() if group else waits_on.cumprod())
