"""What the Spot Instance Advisor listed last: interruption frequency and savings of nearly every pair there is."""

from datetime import datetime, timedelta

from analysis.reading import NotingReader
from data_files.market import advisor
from data_files.market.advisor import AdvisedRow


def newest_listing(reader: NotingReader, now: datetime) -> list[AdvisedRow]:
    """Give the rows of the newest listing up to a moment; empty without any."""
    for day in reversed(advisor.FILES.days(reader.home)):
        if day <= now.date() + timedelta(days=1):
            path = advisor.FILES.path(reader.home, day)
            rows = [row for row in reader.rows(advisor.FILES, path) if row.time <= now]
            if rows:
                return [row for row in rows if row.time == rows[-1].time]
    return []
