"""selection/DATE.csv: how a probe was selected and is run, written before AWS is asked for it.

From it a clean-up completes `probes` for a run that died. Its rows and the journal's `intended` rows carry the same
ClientToken and the same time, which is the probe's request time.
"""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import TEXT
from data_files.csv_table import Column, DatedFiles
from data_files.launches import probes


class SelectionRow(NamedTuple):
    """A probe that is about to be asked for."""

    token: str
    request_time: datetime
    region: str
    instance: str
    instance_count: int | None
    origin: str | None
    probability: float | None
    until: str | None
    timeout: float | None
    status_interval: float | None

    def ended(self, end_time: datetime, ended: str) -> probes.EndedProbe:
        """Give its row for `probes`, once it has ended."""
        return probes.EndedProbe(*self[1:], end_time=end_time, ended=ended)


FILES = DatedFiles(
    (
        Column("client_token", TEXT, "the ClientToken of the request, as in the journal", is_needed=True),
        probes.REQUEST_TIME, probes.REGION, probes.INSTANCE, probes.INSTANCE_COUNT, probes.ORIGIN,
        probes.PROBABILITY_OF_PAIR, probes.UNTIL, probes.TIMEOUT_SECONDS, probes.STATUS_INTERVAL,
    ),
    SelectionRow,
    folder="collect_launch_time/data/selection",
)  # fmt: skip
"""By the day of the request."""


def by_token(home: Path, day: date) -> dict[str, SelectionRow]:
    """Give a day's rows by ClientToken. Raises OSError."""
    return {row.token: row for row in FILES.rows(home, day)}
