"""The example model, fitted on one design's probes and judged on others: the one place that knows the model."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.sampling_designs.observed_market import ObservedMarket
from benchmarks.sampling_designs.probing import Asked, ready_shares
from data_files.launches.probes import Key
from examples import predict_ready_instances as example
from examples.readiness_curves import PROBE, average_curve

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


@dataclass(frozen=True)
class Judged:
    """What was learned from a design: by the model, and by the average curve, which knows nothing."""

    model: Judgement
    average_curve: Judgement


def read_table(path: Path) -> pd.DataFrame:
    """Read the table as the example does."""
    return example.read_table(path)


def judge(table: pd.DataFrame, fitted_on: Collection[Key], judged_on: Collection[Key]) -> Judged:
    """Learn from some of a table's probes, and judge on others."""
    keys = pd.MultiIndex.from_frame(table[PROBE])
    known, unseen = (table[keys.isin(list(chosen))] for chosen in (fitted_on, judged_on))
    return Judged(*(_judged(unseen, learn(known, unseen)) for learn in (example.by_model, average_curve)))


def chance_of(observed: ObservedMarket, asked: Sequence[Asked]) -> float:
    """Give the Brier score of a forecaster who knows all chances of the market at the moment of each request.

    Two launches of the same request differ by chance alone: twice the variance of one.
    """
    first, second = (
        np.array([ready_shares(observed, each, seed, example.GRID.tolist()) for seed, each in enumerate(asked, start)])
        for start in (_OTHER_LAUNCHES, _OTHER_LAUNCHES + len(asked))
    )
    return float(((first - second) ** 2).mean() / 2)


def _judged(table: pd.DataFrame, predicted: pd.Series) -> Judgement:
    scores = example.score(table, predicted)
    return Judgement(float(scores["Brier"]), float(scores["CRPS, s"]))
