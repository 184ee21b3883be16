"""What probes may cost before they start, so that no day's spending passes the limit. Pure."""

from dataclasses import dataclass

# Our own end of a probe, with its retries.
END_SECONDS = 120.0
MINIMUM_SECONDS = 60.0  # AWS bills no less


def most_it_costs(count: int, usd_per_hour: float, timeout_seconds: float) -> float:
    """Give the most a probe can cost in USD: every instance running from the request until its end is through."""
    return count * usd_per_hour * max(MINIMUM_SECONDS, timeout_seconds + END_SECONDS) / 3600


@dataclass
class Budget:
    """The day's limit in USD, and what of it is taken: spent, or promised to probes."""

    limit: float
    taken: float = 0.0

    def take(self, usd: float) -> bool:
        """Set aside so much for a probe, if it fits; tell whether it does."""
        if self.taken + usd > self.limit:
            return False
        self.taken += usd
        return True
