"""The advice as JSON, for scripts: docs/advise.md explains every field."""

import json
from collections.abc import Iterable
from datetime import datetime

from analysis.advice.pair_advice import PairAdvice, named_figures, standing_figures
from analysis.advice.ranking import RULE
from common.clock import iso

_SCHEMA = "spot-advise/1"
"""Fields may be added to it; one that goes, or means something else, takes another number."""


def advice_document(pairs: Iterable[PairAdvice], made: datetime) -> str:
    """Write pairs, best first, as a JSON text."""
    rows = [{**named_figures(pair), "standing": standing_figures(pair)} for pair in pairs]
    document = {"schema": _SCHEMA, "made": iso(made), "rule": RULE, "pairs": rows}
    return json.dumps(document, indent=2)
