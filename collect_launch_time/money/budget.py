"""What probes may cost before they start, and how a day's budget is spread over the day. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from collect_launch_time.money.volumes_and_addresses import BESIDES_USD_PER_HOUR

# The longest that our own end of a probe takes, retries included.
END_SECONDS = 120.0
MINIMUM_SECONDS = 60.0  # AWS bills no less

_ROUNDING_USD = 1e-9


def maximum_cost_usd(count: int, usd_per_hour: float, timeout_seconds: float) -> float:
    """Give the most a probe can cost in USD: all instances running from the request until the end's last retry.

    Each with its volume and its address.
    """
    hours = max(MINIMUM_SECONDS, timeout_seconds + END_SECONDS) / 3600
    return count * (usd_per_hour + BESIDES_USD_PER_HOUR) * hours


@dataclass(frozen=True)
class PacedBudget:
    """A day's limit in USD, what of it is spent or set aside, and when: by that, whether a run has room.

    Before a run that may cost M, a straight line says what may be spent: nothing at the day's start, limit - M at its
    end. So the first run of a day may start at once, what was spent and what a run may cost never exceed the limit, and
    probes are spread over the whole day, the last hours included: a line up to the limit itself would leave no room
    there.
    """

    limit_usd: float
    spent_usd: float
    moment: datetime  # in local time

    @property
    def share_of_day(self) -> float:
        """Give the share of the local day that has passed, 0 to 1; a day may have 23 or 25 hours."""
        start, end = _bounds(self.moment.date())
        return min(1.0, max(0.0, (self.moment - start) / (end - start)))

    @property
    def is_ahead_of_any_run(self) -> bool:
        """Tell whether more is spent than any run, however cheap, may find."""
        return self.spent_usd > self.limit_usd * self.share_of_day + _ROUNDING_USD

    def allowed_usd(self, run_usd: float) -> float:
        """Give what may be spent by now for a run of that maximum to start."""
        return max(0.0, self.limit_usd - run_usd) * self.share_of_day

    def has_room(self, run_usd: float) -> bool:
        """Tell whether a run of that maximum may start now."""
        return run_usd <= self.limit_usd and self.spent_usd <= self.allowed_usd(run_usd) + _ROUNDING_USD

    def room_from(self, run_usd: float) -> datetime | None:
        """Give when a run of that maximum may start, if nothing is spent until then; None: not today."""
        if self.has_room(run_usd):
            return self.moment
        most = self.limit_usd - run_usd
        if self.spent_usd >= most:
            return None
        start, end = _bounds(self.moment.date())
        return _local(start, (end - start) * (self.spent_usd / most))

    def describe(self, run_usd: float) -> str:
        """Say in one line what is spent, what may be by now for such a run to start, and when there is room."""
        sums = (
            f"{self.spent_usd:.4f} of {self.limit_usd:g} USD are spent or set aside today, and "
            f"{self.allowed_usd(run_usd):.4f} may be by now for a run of {run_usd:.4f}"
        )
        if self.has_room(run_usd):
            return f"{sums}: there is room"
        opening = self.room_from(run_usd)
        return f"{sums}: no room " + (f"before {opening:%H:%M}" if opening else "any more today")


def _bounds(day: date) -> tuple[datetime, datetime]:
    """Give the moments at which a local day starts and the next does. Where clocks skip midnight, it starts later."""
    start, end = (datetime.combine(day + timedelta(days=days), time.min).timestamp() for days in (0, 1))
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


def _local(start: datetime, passed: timedelta) -> datetime:
    return (start + passed).astimezone()
