"""The night's work played under a HOME of its own, with a mail server where it is to mail."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.collect_sps_and_if.collected_day import DAY, data
from tests.mail_server import LOOPBACK, PASSWORD, USER
from tests.program import Ended, Fork

MODULE = "collect_sps_and_if.daily_score"


@dataclass
class Night:
    """A HOME with a day's polls and the next day's plan, and the program that works on it."""

    home: Path

    def work(self, *arguments: str, now: str = "2026-03-01T23:55:00", **settings: str) -> Ended:
        """Run the night's work to its end."""
        return self.start(arguments, self.environment(now, **settings)).end()

    def start(
        self, arguments: Sequence[str], environment: dict[str, str], before: Callable[[], None] = lambda: None
    ) -> Fork:
        """Start the night's work, with libraries loaded that take a second each time."""
        import jinja2  # noqa: F401

        return Fork(MODULE, *arguments, environment=environment, before=before)

    def environment(self, now: str = "2026-03-01T23:55:00", **settings: str) -> dict[str, str]:
        """Give what the program finds in its environment."""
        return {"SPOT_HOME": str(self.home), "SPOT_NOW": now} | {f"SPOT_{name}": settings[name] for name in settings}

    def scores(self, day: date = DAY) -> list[dict[str, str]]:
        """Read a day's scores."""
        with (data(self.home) / "score" / f"{day}.csv").open() as file:
            return list(csv.DictReader(file))

    def report(self, day: date = DAY) -> str:
        """Read a day's report."""
        return (data(self.home) / "report" / f"{day}.txt").read_text()

    def everything_written(self) -> str:
        """Give the text of every file under HOME."""
        return "".join(path.read_text(errors="replace") for path in self.home.rglob("*") if path.is_file())


def mailing(port: int, password: str = PASSWORD, recipients: str = "owner@example.com") -> dict[str, str]:
    """Give the settings that mail to a server on loopback."""
    return {
        "SMTP_HOST": LOOPBACK,
        "SMTP_PORT": str(port),
        "SMTP_SENDER": USER,
        "SMTP_RECIPIENTS": recipients,
        "SMTP_PASSWORD": password,
    }
