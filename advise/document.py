"""The advice as JSON, for scripts: docs/advise.md explains every field."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from analysis.advice.pair_advice import PairAdvice
from analysis.advice.ranking import RULE
from common.clock import iso

SCHEMA = "spot-advise/1"
"""Fields may be added to it; one that goes, or means something else, takes another number."""

Value = str | int | float | None


def advice_document(pairs: Iterable[PairAdvice], made: datetime) -> str:
    """Write pairs, best first, as a JSON text."""
    document = {"schema": SCHEMA, "made": iso(made), "rule": RULE, "pairs": [_fields(pair) for pair in pairs]}
    return json.dumps(document, indent=2)


def _fields(pair: PairAdvice) -> Mapping[str, Value]:
    score, price, readiness = pair.score, pair.price, pair.readiness
    lower, upper = readiness.interval or (None, None)
    return {
        "region": pair.region,
        "instance": pair.instance,
        "sps": score.score if score else None,
        "sps_time": _moment(score.time if score else None),
        "target_capacity": score.target_capacity if score else None,
        "if": pair.interruption_frequency,
        "savings": pair.savings,
        "usd": price.usd if price else None,
        "usd_time": _moment(price.time if price else None),
        "probes": readiness.probes,
        "asked": readiness.asked,
        "ready": readiness.ready,
        "ready_share": readiness.share,
        "ready_share_low": lower,
        "ready_share_high": upper,
        "seconds_to_half": readiness.seconds_to(0.5),
        "seconds_to_90": readiness.seconds_to(0.9),
        "last_probe": _moment(readiness.last_probe),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
