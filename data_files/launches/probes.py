"""probes/DATE.csv: one row a probe, written when it has ended: how it was selected, how it was run, how it ended.

A probe is one call of RequestSpotInstances: one that is repeated with another AMI is two. What is said of it before it
is asked for stands in `selection`, so that a clean-up can write the row of a probe whose run died.
"""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import AMOUNT, NAME, PROBABILITY, TIME, one_of, whole_numbers
from data_files.csv_table import Column, DatedFiles, PassedOver

TOP = "top"  # origins: among the highest scores of today's plan
SAMPLE = "sample"  # drawn evenly from today's polled sample

READY = "ready"  # until: each instance is ready
FULFILLED = "fulfilled"  # until: each request is fulfilled; says nothing about readiness

ALL_READY = "all_ready"
ALL_FULFILLED = "all_fulfilled"  # of a probe until fulfilled
TIMED_OUT = "timeout"  # its time was up, or nothing more could come from the market
STOPPED = "stopped"  # by a signal
REFUSED = "refused"  # the account's or the request's fault, not the market's
LOST = "lost"  # the run died, or others ended all its instances

Key = tuple[datetime, str, str]
"""What tells probes apart: request_time, region, instance."""


class EndedProbe(NamedTuple):
    """A probe that has ended; None is unknown, as for a run of an older version that died."""

    request_time: datetime
    region: str
    instance: str
    instance_count: int | None
    origin: str | None
    probability: float | None
    until: str | None
    timeout: float | None
    status_interval: float | None
    end_time: datetime | None
    ended: str | None

    @property
    def key(self) -> Key:
        """Give what tells it from all others."""
        return self.request_time, self.region, self.instance


REQUEST_TIME = Column(
    "request_time", TIME, "when the spot requests were made, the same as in looks and instances", is_needed=True
)
REGION = Column("region", NAME, "the Region asked", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type asked for", is_needed=True)
INSTANCE_COUNT = Column("instance_count", whole_numbers(1, 1_000_000), "instances asked for")
ORIGIN = Column(
    "origin",
    one_of(TOP, SAMPLE),
    "`top`: among the highest scores of today's plan; `sample`: drawn evenly from today's polled sample",
)
PROBABILITY_OF_PAIR = Column("probability", PROBABILITY, "with which the run picked the pair; 1 for `top`")
UNTIL = Column(
    "until",
    one_of(READY, FULFILLED),
    "what it waited for: `ready`, or `fulfilled`, which says nothing about readiness",
)
TIMEOUT_SECONDS = Column("timeout", AMOUNT, "seconds after which it gave up")
STATUS_INTERVAL = Column("status_interval", AMOUNT, "seconds between two looks")
END_TIME = Column(
    "end_time", TIME, "when it ended: the decision to end what was left; of a lost one, when that was found"
)
ENDED = Column(
    "ended",
    one_of(ALL_READY, ALL_FULFILLED, TIMED_OUT, STOPPED, REFUSED, LOST),
    "`all_ready`, `all_fulfilled`, `timeout` (or nothing more could come from the market before), `stopped` by a "
    "signal, `refused` for the account's or the request's fault, `lost`: the run died, or others ended all of them",
)

FILES = DatedFiles(
    (
        REQUEST_TIME, REGION, INSTANCE, INSTANCE_COUNT, ORIGIN, PROBABILITY_OF_PAIR, UNTIL, TIMEOUT_SECONDS,
        STATUS_INTERVAL, END_TIME, ENDED,
    ),
    EndedProbe,
    folder="collect_launch_time/data/probes",
)  # fmt: skip
"""By the day of the request."""


def tells_readiness(until: str | None, ended: str | None) -> bool:
    """Tell whether the counts of a probe's looks are all that the market gave until its timeout.

    Not where it was cut short, only waited for fulfilment, or was refused for what is no market's doing. Of one without
    a row here, as older versions left them, nobody knows better: it counts.
    """
    return until != FULFILLED and ended in (None, ALL_READY, TIMED_OUT)


def ended_probes(home: Path, day: date, passed_over: PassedOver | None = None) -> dict[Key, EndedProbe]:
    """Give a day's probes; of two rows of one probe the first counts."""
    found: dict[Key, EndedProbe] = {}
    for row in FILES.rows(home, day, passed_over):
        found.setdefault(row.key, row)
    return found
