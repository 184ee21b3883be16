"""What probes may cost before they start, so that no day's spending exceeds the limit. Pure."""

from dataclasses import dataclass

# The longest that our own end of a probe takes, retries included.
END_SECONDS = 120.0
MINIMUM_SECONDS = 60.0  # AWS bills no less


def maximum_cost_usd(count: int, usd_per_hour: float, timeout_seconds: float) -> float:
    """Give the most a probe can cost in USD: every instance running from the request until the end's last retry."""
    return count * usd_per_hour * max(MINIMUM_SECONDS, timeout_seconds + END_SECONDS) / 3600


@dataclass
class Budget:
    """A day's limit in USD, and what of it is committed: spent, or reserved for probes."""

    limit_usd: float
    committed_usd: float = 0.0

    def reserve(self, usd: float) -> bool:
        """Reserve an amount for a probe; tell whether the limit allows it."""
        if self.committed_usd + usd > self.limit_usd:
            return False
        self.committed_usd += usd
        return True
