"""One stand-in's whole state: everything a request may read or change is an attribute of one World."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from local_aws.market.advisor import Advisor
from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market
from local_aws.state.access import Access
from local_aws.state.call_log import CallLog
from local_aws.state.clock import MarketClock
from local_aws.state.configuration_limit import ConfigurationLimit
from local_aws.state.faults import Faults
from local_aws.state.token_buckets import TokenBuckets

_Part = TypeVar("_Part")

ENVIRON_KEY = "local_aws.world"  # the key of a WSGI environment that holds the World the request was sent to


class World:
    """The clock, the market, and what this AWS remembers of its callers."""

    def __init__(
        self,
        seed: int = 1,
        *,
        now: datetime | None = None,
        speed: float = 1.0,
        strict: bool = False,
        account: str = "123456789012",
        every_region: bool = False,
    ) -> None:
        self.seed = seed
        self.strict = strict
        self.account = account
        self.clock = MarketClock(now, speed)
        geography = Geography.load()
        self.geography = geography.with_every_region_enabled() if every_region else geography
        self.market = Market(seed, self.geography)
        self.advisor = Advisor(seed, self.market)
        self._lock = threading.RLock()
        self.reset()

    def part(self, make: Callable[["World"], _Part]) -> _Part:
        """Return this world's one `make(world)`: state that is defined in a room above this one.

        It is made when first asked for, and forgotten with everything else by a reset.
        """
        with self._lock:
            if make not in self._parts:
                self._parts[make] = make(self)
            part: _Part = self._parts[make]
            return part

    def reset(self) -> None:
        """Forget every caller and set the clock back to its start; the seed and the market stay."""
        with self._lock:
            self.clock.reset()
            self.access = Access()
            self.faults = Faults(self.seed)
            self.calls = CallLog()
            self.configurations = ConfigurationLimit()
            self.token_buckets = TokenBuckets()
            self._parts: dict[Callable[[World], Any], Any] = {}


def world_of(environ: dict[str, Any]) -> World:
    """Return the world a request was sent to."""
    world: World = environ[ENVIRON_KEY]
    return world
