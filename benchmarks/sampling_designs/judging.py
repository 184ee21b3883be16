"""The example model, fitted on one design's probes and judged on others: the one place that knows the model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.sampling_designs.observed_market import ObservedMarket
from benchmarks.sampling_designs.probing import Asked, ready_shares
from examples import predict_ready_instances as example
from examples.readiness_curves import PROBE

TABLE = "--instances"
"""The option of `python -m collect_launch_time.dataset` that makes the table which the model is fitted to."""

_OTHER_LAUNCHES = 1_000_000  # seeds of launches that no probe has


@dataclass(frozen=True)
class Judgement:
    """The Brier score of the ready share, over probes and seconds, and the CRPS of the readiness; less is better."""

    brier: float
    crps_seconds: float

    def __str__(self) -> str:
        """Give both."""
        return f"{self.brier:.4f}, {self.crps_seconds:.1f} s"


def read_table(path: Path) -> pd.DataFrame:
    """Read the table as the example does."""
    return example.read_table(path)


def rows_of(table: pd.DataFrame, asked: Iterable[Asked]) -> pd.DataFrame:
    """Give a table's rows of some probes."""
    return table[pd.MultiIndex.from_frame(table[PROBE]).isin([each.key for each in asked])]


def judge(known: pd.DataFrame, unseen: pd.DataFrame, learn: example.Predictor = example.by_model) -> Judgement:
    """Learn from some probes' rows, and judge on those of others."""
    found = example.score(unseen, learn(known, unseen))
    return Judgement(float(found["Brier"]), float(found["CRPS, s"]))


def chance_of(observed: ObservedMarket, asked: Sequence[Asked]) -> float:
    """Give the Brier score of a forecaster who knows all chances of the market at the moment of each request.

    Two launches of the same request differ by chance alone: twice the variance of one.
    """
    first, second = (
        np.array([ready_shares(observed, each, seed, example.GRID.tolist()) for seed, each in enumerate(asked, start)])
        for start in (_OTHER_LAUNCHES, _OTHER_LAUNCHES + len(asked))
    )
    return float(((first - second) ** 2).mean() / 2)
