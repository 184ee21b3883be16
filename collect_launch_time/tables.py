"""This package's CSV files: their paths and columns, nothing else. The files are the interface to other programs."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

PACKAGE = "collect_launch_time"

LOOKS = (
    "region",
    "instance",
    "instance_count",
    "request_time",
    "current_time",
    "ready_instances",
    "fulfilled_instances",
    "running_instances",
)
INSTANCES = (
    "request_id",
    "instance_id",
    "region",
    "az",
    "instance",
    "request_time",
    "fulfilled_time",
    "running_time",
    "not_ready_time",
    "ready_time",
    "outcome",
)
JOURNAL = ("time", "event", "client_token", "region", "instance", "instance_count", "request_ids", "instance_ids")
SPENDING = ("time", "region", "instance", "instances", "seconds", "usd")

READY = "ready"  # the outcome of an instance that got ready; else it is the market's last word


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
        """Give the lock of the probe and its clean-up."""
        return self.data / "probe.lock"

    @property
    def installation(self) -> Path:
        """Give the file with this installation's id, which its spot requests are tagged with."""
        return self.data / "installation"

    @property
    def journals(self) -> Path:
        """Give the folder of the journal."""
        return self.data / "journal"

    @property
    def scores(self) -> Path:
        """Give the folder of the daily scores, written by another program."""
        return self.home / "collect_sps_and_if" / "data" / "score"

    @property
    def init_score(self) -> Path:
        """Give the bootstrap's score, written by another program."""
        return self.home / "collect_sps_and_if" / "data" / "init_score.csv"

    def looks(self, day: date) -> Path:
        """Give the looks of the probes that were requested on a day."""
        return self._dated(self.data, day)

    def instances(self, day: date) -> Path:
        """Give what became of the spot requests made on a day."""
        return self._dated(self.data / "instances", day)

    def journal(self, day: date) -> Path:
        """Give a day's journal."""
        return self._dated(self.journals, day)

    def spending(self, day: date) -> Path:
        """Give what was spent, by the day on which it was reckoned."""
        return self._dated(self.data / "spending", day)

    @staticmethod
    def _dated(folder: Path, day: date) -> Path:
        return folder / f"{day.isoformat()}.csv"
