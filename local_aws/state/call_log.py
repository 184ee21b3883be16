"""Which calls this AWS was sent: how often, for which Region, with what outcome."""

import threading
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class ScoreQuery:
    """One GetSpotPlacementScores call: the configuration it used, and its outcome."""

    time: datetime
    endpoint_region: str
    instance_types: tuple[str, ...]
    regions: tuple[str, ...]
    target_capacity: int
    unit: str
    single_availability_zone: bool
    outcome: str  # "ok" or the error code


class CallLog:
    """Count calls by action, Region and outcome; remember every placement-score query."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._score_queries: list[ScoreQuery] = []

    def count(self, action: str, region: str, outcome: str) -> None:
        """Count one call; the outcome is "ok", an error code, or the kind of the injected fault."""
        with self._lock:
            self._counts[action, region, outcome] += 1

    def remember(self, query: ScoreQuery) -> None:
        """Keep a placement-score query, so that tests can check how the limit was used."""
        with self._lock:
            self._score_queries.append(query)

    def as_json(self) -> dict[str, Any]:
        """Return counts and queries, ready for JSON."""
        with self._lock:
            calls = [
                {"action": action, "region": region, "outcome": outcome, "count": count}
                for (action, region, outcome), count in sorted(self._counts.items())
            ]
            queries = [asdict(query) | {"time": query.time.isoformat()} for query in self._score_queries]
        return {"calls": calls, "score_queries": queries}
