"""The limit on placement-score configurations: some fifty in any 24 hours, repeats are free."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_LIMIT = 50
WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Configuration:
    """What AWS counts: a query's types, capacity, unit, Regions and single-zone flag, in any order."""

    instance_types: frozenset[str]
    target_capacity: int
    unit: str
    regions: frozenset[str]
    single_availability_zone: bool


class ConfigurationLimit:
    """Which configurations each account has used through each endpoint Region, and when last."""

    def __init__(self) -> None:
        self.limit = DEFAULT_LIMIT
        self._lock = threading.Lock()
        self._last_used: dict[tuple[str, str], dict[Configuration, datetime]] = {}

    def use(self, account: str, endpoint_region: str, configuration: Configuration, now: datetime) -> bool:
        """Use a configuration, and say whether AWS lets one; a refusal takes no place.

        A place is taken until 24 hours after the configuration's last use; until then it may be repeated.
        """
        with self._lock:
            places = self._places(account, endpoint_region, now)
            if configuration not in places and len(places) >= self.limit:
                return False
            places[configuration] = now
            return True

    def use_by_others(self, account: str, endpoint_region: str, count: int, now: datetime) -> None:
        """Take so many places, as another program of the account would; never more than there are."""
        with self._lock:
            places = self._places(account, endpoint_region, now)
            for number in range(min(count, self.limit - len(places))):
                name = f"other-{now.timestamp()}-{number}"
                places[Configuration(frozenset({name}), 1, "units", frozenset(), False)] = now

    def _places(self, account: str, endpoint_region: str, now: datetime) -> dict[Configuration, datetime]:
        places = self._last_used.get((account, endpoint_region), {})
        taken = {used: at for used, at in places.items() if now - at < WINDOW}
        self._last_used[account, endpoint_region] = taken
        return taken
