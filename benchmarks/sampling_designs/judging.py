"""The example model, fitted on one design's probes and judged on others: the one place that knows the model."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from data_files.launches.probes import Key
from examples import predict_ready_instances as example


@dataclass(frozen=True)
class Judgement:
    """The Brier score of the ready share: mean squared error, over probes and seconds. Less is better."""

    model: float
    average_curve: float


def read_table(path: Path) -> pd.DataFrame:
    """Read a training table as the example does."""
    return example.read_table(path)


def judge(table: pd.DataFrame, fitted_on: Collection[Key], judged_on: Collection[Key]) -> Judgement:
    """Fit the model on some of a table's probes and judge it on others, beside the average curve of the former."""
    keys = pd.MultiIndex.from_frame(table[example.PROBE])
    known, unseen = (table[keys.isin(list(chosen))] for chosen in (fitted_on, judged_on))
    with threadpool_limits(1):  # on a busy machine its threads wait for each other
        model = example.fit(known)
    return Judgement(
        _brier(unseen, example.predict(model, unseen)), _brier(unseen, example.average_curve(known, unseen))
    )


def _brier(table: pd.DataFrame, predicted: pd.Series) -> float:
    return float((((predicted - table[example.READY]) / table[example.ASKED]) ** 2).mean())
