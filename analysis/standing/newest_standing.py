"""The newest scores of the standing queries: those of the last day on which any was asked."""

from __future__ import annotations

from datetime import date, timedelta

from analysis.reading import NotingReader
from data_files.market import standing_definitions, standing_scores
from data_files.market.standing_definitions import Definitions
from data_files.market.standing_scores import NewestScores, newest_scores


def newest_standing(reader: NotingReader, today: date) -> list[NewestScores]:
    """Read them; none where nothing was asked."""
    days = [day for day in standing_scores.FILES.days(reader.home) if day <= today + timedelta(days=1)]
    if not days:
        return []
    defined = reader.rows(standing_definitions.FILE, standing_definitions.FILE.path(reader.home))
    rows = reader.rows(standing_scores.FILES, standing_scores.FILES.path(reader.home, days[-1]))
    return newest_scores(rows, Definitions(defined))
