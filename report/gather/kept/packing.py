"""A day's summary, and what its polls knew when probes were requested, as texts and arrays; and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from report.gather.day import DaySummary
from report.gather.endings import ENDINGS
from report.gather.interruption import SeenBands
from report.gather.kept.array_file import Array
from report.gather.looks import Looks
from report.gather.pairs import PairNumbers, PairTable
from report.gather.placement_scores import ScoreCells
from report.gather.polled import RequestOfPair, ScoreAndFrequency
from report.gather.prices import ZonePrices
from report.gather.ranking import DaysRanking
from report.gather.week_hours import WeekHours

_OF_ARRAYS = {"cells": ScoreCells, "bands": SeenBands, "ranking": DaysRanking}
"""Parts of a summary that are arrays and nothing else."""


def to_arrays(
    summary: DaySummary, answers: Mapping[RequestOfPair, ScoreAndFrequency]
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Give texts and arrays that say all of a summary but its cells by hour."""
    table, sums = summary.pairs.table(), summary.week_hours.sums
    place, hour = np.nonzero(sums.any(axis=2))
    texts = {
        "pairs.types": table.types,
        "pairs.regions": table.regions,
        "zones": list(summary.prices.zones),
        "outcomes": [(pair, text, count) for (pair, text), count in summary.outcomes.items()],
        "answers": [(*request, *answer) for request, answer in answers.items()],
        "polled_until": summary.polled_until,
        "spent": summary.spent,
    }
    arrays = {
        "pairs": np.array(table.pairs, np.int64),
        **{
            f"{part}.{field.name}": getattr(getattr(summary, part), field.name)
            for part, kind in _OF_ARRAYS.items()
            for field in fields(kind)
        },
        "week_hours.shape": np.array(sums.shape),
        "week_hours.place": place,
        "week_hours.hour": hour,
        "week_hours.sums": sums[place, hour].T,
        "prices.pair": summary.prices.pair,
        "prices.zone": summary.prices.zone,
        "prices.usd": summary.prices.usd,
        "looks": summary.looks.columns,
        "endings.pair": np.array([pair for pair, _ in summary.endings], np.int64),
        "endings.utc": np.array([utc for _, utc in summary.endings]),
        "endings.ending": np.array([ENDINGS.index(ending) for ending in summary.endings.values()], np.int64),
        "probabilities.pair": np.array([pair for pair, _ in summary.probabilities], np.int64),
        "probabilities.utc": np.array([utc for _, utc in summary.probabilities]),
        "probabilities": np.array(list(summary.probabilities.values()), np.float64),
    }
    return texts, arrays


def from_arrays(
    texts: Mapping[str, Any], arrays: Mapping[str, Array]
) -> tuple[DaySummary, dict[RequestOfPair, ScoreAndFrequency]]:
    """Give the summary and the answers that texts and arrays were made of."""
    sums = np.zeros(arrays["week_hours.shape"])
    sums[arrays["week_hours.place"], arrays["week_hours.hour"]] = arrays["week_hours.sums"].T
    endings = zip(*(arrays[f"endings.{name}"].tolist() for name in ("pair", "utc", "ending")), strict=True)
    picked = (arrays[name].tolist() for name in ("probabilities.pair", "probabilities.utc", "probabilities"))
    summary = DaySummary(
        pairs=PairNumbers.of(PairTable(texts["pairs.types"], texts["pairs.regions"], arrays["pairs"].tolist())),
        polled_until=texts["polled_until"],
        hours=None,
        week_hours=WeekHours(sums),
        prices=ZonePrices(arrays["prices.pair"], arrays["prices.zone"], arrays["prices.usd"], texts["zones"]),
        looks=Looks(arrays["looks"]),
        endings={(pair, utc): ENDINGS[place] for pair, utc, place in endings},
        probabilities={(pair, utc): share for pair, utc, share in zip(*picked, strict=True)},
        outcomes={(pair, text): count for pair, text, count in texts["outcomes"]},
        spent=texts["spent"],
        **{
            part: kind(*(arrays[f"{part}.{field.name}"] for field in fields(kind))) for part, kind in _OF_ARRAYS.items()
        },
    )
    answers = {(instance, region, utc): (score, band) for instance, region, utc, score, band in texts["answers"]}
    return summary, answers
