"""This package's CSV files: their paths and columns, nothing else. The files are the interface to other programs."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

PACKAGE = "collect_sps_and_if"

SPS_AND_IF = ("time", "region", "instance", "sps", "if", "outcome")
SCORE = ("region", "instance", "sps_changes", "if_changes", "score")
PLAN = ("instance", "regions", "origin", "probability")
CONFIGURATIONS = ("time", "endpoint_region", "instance", "regions", "target_capacity")
INTERRUPTION_FREQUENCY = ("time", "region", "instance", "if", "savings")
POLLS = ("time", "queries", "failed", "rows", "seconds")
MAILED = ("time", "date", "message_id", "recipients")

# What became of a pair's placement score at a poll.
OK = "ok"
ABSENT = "absent"  # AWS answered, without this pair
REFUSED = "refused"  # the configuration limit; not asked again that day
FAILED = "failed"  # no answer after retries

# How a query came into the plan.
TOP = "top"
SAMPLE = "sample"


@dataclass(frozen=True)
class Tables:
    """Where the files lie under a HOME."""

    home: Path

    @property
    def data(self) -> Path:
        """Give the folder of everything collected."""
        return self.home / PACKAGE / "data"

    @property
    def log(self) -> Path:
        """Give the folder of the logs."""
        return self.home / PACKAGE / "log"

    @property
    def lock(self) -> Path:
        """Give the lock of the poll."""
        return self.data / "poll.lock"

    @property
    def nightly_lock(self) -> Path:
        """Give the lock of the night's work."""
        return self.data / "daily_score.lock"

    @property
    def polls(self) -> Path:
        """Give the file with one row a poll, which acknowledges that poll's rows."""
        return self.data / "polls.csv"

    @property
    def init_score(self) -> Path:
        """Give the bootstrap's score."""
        return self.data / "init_score.csv"

    @property
    def advisor_state(self) -> Path:
        """Give what is remembered of the advisor's last answer, for the next conditional GET."""
        return self.data / "interruption_frequency" / "latest.json"

    @property
    def unsent(self) -> Path:
        """Give the folder of the reports that no mail server has taken yet."""
        return self.data / "report" / "unsent"

    @property
    def mailed(self) -> Path:
        """Give the file with one row a report that a mail server took."""
        return self.data / "report" / "mailed.csv"

    def report(self, day: date) -> Path:
        """Give a day's report, as a page."""
        return self.data / "report" / f"{day.isoformat()}.html"

    def sps_and_if(self, day: date) -> Path:
        """Give a day's polled rows."""
        return self._dated("sps_and_if", day)

    def score(self, day: date) -> Path:
        """Give a day's scores."""
        return self._dated("score", day)

    def plan(self, day: date) -> Path:
        """Give a day's plan."""
        return self._dated("plan", day)

    def configurations(self, day: date) -> Path:
        """Give a day's uses of placement-score configurations."""
        return self._dated("configurations", day)

    def interruption_frequency(self, day: date) -> Path:
        """Give what the advisor published on a day."""
        return self._dated("interruption_frequency", day)

    def _dated(self, folder: str, day: date) -> Path:
        return self.data / folder / f"{day.isoformat()}.csv"
