"""The collection's health as JSON; what is not known is null."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from analysis.health.figures import Health
from common.clock import iso

_SCHEMA = "spot-status/1"
"""Its number grows when a key changes its meaning or goes; keys may be added without."""


def document(health: Health, attention: Sequence[str]) -> str:
    """Write the figures of a collection, with what needs a person."""
    polling, night, probes, money, disk = health.polling, health.night, health.probes, health.money, health.disk
    told = {
        "schema": _SCHEMA,
        "made": iso(health.now),
        "healthy": not attention,
        "attention": list(attention),
        "polls": {
            "last": _iso(polling.last.time if polling and polling.last else None),
            "due_today": polling and polling.today.due,
            "done_today": polling and polling.today.done,
            "answered_share_24h": polling and polling.answered_share,
            "refused_24h": polling and polling.refused_queries,
        },
        "quota": {
            "used": health.places_used and health.places_used[health.settings.endpoint_region],
            "limit": health.settings.configuration_limit,
        },
        "night": {
            "last_scored": night and night.last_scored and night.last_scored.isoformat(),
            "unscored_days": night and [day.isoformat() for day in night.unscored],
            "unsent_mails": night and len(night.unsent),
        },
        "probes": {
            "last": _iso(probes.last if probes else None),
            "open": probes and len(probes.left_open),
            "oldest_open": _iso(probes.left_open[0].intended if probes and probes.left_open else None),
        },
        "spending": {
            "today": money and round(money.of_days(1), 6),
            "days_7": money and round(money.of_days(7), 6),
            "days_30": money and round(money.of_days(30), 6),
            "limit": health.settings.daily_budget_usd,
        },
        "prices": {"last": _iso(health.last_price)},
        "disk": {"free_bytes": disk and disk.free_bytes, "data_bytes": disk and disk.data_bytes},
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
