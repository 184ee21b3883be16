"""A small, quick market for whole runs of the probe, and what must hold of it when the last run has ended."""

import csv
import functools
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.program import Ended, Fork
from tests.stand_in import StandIn

PAIRS = (("m5.large", "us-east-1"), ("c5.large", "us-east-1"), ("t3.micro", "eu-west-1"))

# Seconds where an ordinary day takes minutes.
QUICK = {
    "evaluation_seconds": [0.1, 0.3],
    "fulfilment_seconds": [0.1, 0.6],
    "pending_seconds": [0.3, 0.8],
    "check_seconds": [0.5, 1.2],
    "check_interval_seconds": 0.2,
    "shutting_down_seconds": [0.3, 0.8],
    "interrupt_share": 0.0,
    "capacity": 100,
    "invisible_seconds": 0.3,
    "cancel_race_seconds": [0.1, 0.6],
    "token_buckets": False,
}

# Those of our own patience that such a market makes too long, in the same proportion.
QUICK_PATIENCE = {"settle_seconds": 1.2, "invisible_seconds": 1.5, "round_seconds": 0.15, "give_up_seconds": 20.0}


@dataclass(frozen=True)
class Stage:
    """A stand-in with a quick market, and a HOME with a score."""

    aws: StandIn
    home: Path
    interval: float = 0.5
    timeout: float = 15.0
    count: int = 3

    def prepare(self, pairs: Sequence[tuple[str, str]] = PAIRS, **knobs: Any) -> None:
        """Make the market quick and write a score by which these pairs are probed, in this order."""
        self.aws.control.set_scenario(**QUICK | knobs)
        rows = [f"{region},{kind},3,1,{10 - place}" for place, (kind, region) in enumerate(pairs)]
        path = self.home / "collect_sps_and_if" / "data" / "init_score.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["region,instance,sps_changes,if_changes,score", *rows, ""]))

    @property
    def environment(self) -> dict[str, str]:
        """What the probe is started with."""
        return {
            **self.aws.environment,
            "SPOT_HOME": str(self.home),
            "SPOT_STATUS_INTERVAL": str(self.interval),
            "SPOT_TIMEOUT": str(self.timeout),
            "SPOT_INSTANCE_COUNT": str(self.count),
            "SPOT_REGIONS": "us-east-1 eu-west-1",
            "SPOT_LAUNCH_TOP_K": "3",
            # So much that a second run has room at any hour.
            "SPOT_LAUNCH_DAILY_BUDGET_USD": "1000",
        }

    def begin(
        self, *arguments: str, before: Callable[[], None] = lambda: None, settings: Mapping[str, str] | None = None
    ) -> Fork:
        """Start the probe as a fork, with our patience cut to the market's speed."""

        def quicken() -> None:
            be_quick()
            before()

        return Fork(
            "collect_launch_time", *arguments, environment=self.environment | dict(settings or {}), before=quicken
        )

    def run(
        self, *arguments: str, before: Callable[[], None] = lambda: None, settings: Mapping[str, str] | None = None
    ) -> Ended:
        """Run the probe to its end."""
        return self.begin(*arguments, before=before, settings=settings).end()

    def rows(self, name: str) -> list[dict[str, str]]:
        """Read all days of one kind of file: "" for the looks, instances, journal, spending."""
        folder = self.home / "collect_launch_time" / "data" / name
        return [row for path in sorted(folder.glob("*.csv")) for row in csv.DictReader(path.open())]

    def log(self) -> str:
        """Read the log."""
        return "".join(path.read_text() for path in (self.home / "collect_launch_time" / "log").glob("*.log"))

    def wait_until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
        """Wait until something is true of the market, and return its truth."""
        deadline = time.monotonic() + seconds
        while not holds(truth := self.aws.control.truth()):
            assert time.monotonic() < deadline, "the market never came to that"
            time.sleep(0.05)
        return truth

    def left_over(self) -> dict[str, list[str]]:
        """Return what is open, alive, or yet to come to life, and what of others was touched: each must be empty."""
        truth = self.aws.control.truth()
        return {
            name: truth[name]
            for name in ("open_requests", "living_instances", "coming_instances", "decoys_touched")
            if truth[name]
        }


def be_quick(**seconds: float) -> None:
    """Cut our patience to the market's speed in this process, or to these seconds; before the program is loaded."""
    import collect_launch_time.run_context as module
    from collect_launch_time.patience import Patience

    patience = Patience(**{**QUICK_PATIENCE, **seconds})
    vars(module)["RunContext"] = functools.partial(module.RunContext, patience=patience)


def dies_at_call(number: int, *, after: bool) -> Callable[[], None]:
    """Let a fork be killed at its number-th AWS call: before it leaves, or after AWS has acted and answered."""

    def arm() -> None:
        import signal

        from botocore.httpsession import URLLib3Session

        send, left = URLLib3Session.send, [number]

        def deadly(self: Any, request: Any) -> Any:
            left[0] -= 1
            mine = left[0] == 0
            if mine and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = send(self, request)
            if mine:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        URLLib3Session.send = deadly  # type: ignore[method-assign]

    return arm
