"""A HOME in which standing queries were answered."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from data_files.market import standing_definitions, standing_scores
from data_files.market.standing_definitions import Definition
from data_files.market.standing_scores import StandingRow

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)


def write_answers(home: Path) -> None:
    """Write the definitions and the answers of a query that is defined, and of one that is not."""
    defined = [
        Definition(NOON - timedelta(hours=3), "web", ("m5.large",), ("us-east-1",), 10, "region"),
        Definition(NOON + timedelta(hours=3), "web", ("c5.large",), ("us-east-1",), 10, "region"),
    ]
    standing_definitions.record_definitions(home, defined)
    rows = [
        StandingRow(NOON - timedelta(minutes=10), "<b>web", "eu-west-1", None, 9, "ok"),
        StandingRow(NOON, "web", "us-east-1", None, 2, "ok"),
        StandingRow(NOON, "web", "us-west-2", None, None, "waiting"),
        StandingRow(NOON, "web", "eu-west-1", None, 5, "ok"),
    ]
    standing_scores.FILES.append(standing_scores.FILES.path(home, DAY), rows)
