"""The limit on placement-score configurations: about fifty in any 24 hours, repeats are free."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

_DEFAULT_LIMIT = 50
_WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Configuration:
    """What AWS counts: a query's types, capacity, unit, Regions and single-zone flag; lists in any order."""

    instance_types: frozenset[str]
    target_capacity: int
    unit: str
    regions: frozenset[str]
    single_availability_zone: bool


class ConfigurationLimit:
    """Which configurations each account has used through each endpoint Region, and when last."""

    def __init__(self) -> None:
        self.limit = _DEFAULT_LIMIT
        self._lock = threading.Lock()
        self._last_used: dict[tuple[str, str], dict[Configuration, datetime]] = {}

    def use(self, account: str, endpoint_region: str, configuration: Configuration, now: datetime) -> bool:
        """Use a configuration, and return whether AWS allows it; a refused one does not count.

        A configuration counts until 24 hours after its last use; until then it may be repeated.
        """
        with self._lock:
            counted = self._counted(account, endpoint_region, now)
            if configuration not in counted and len(counted) >= self.limit:
                return False
            counted[configuration] = now
            return True

    def use_by_others(self, account: str, endpoint_region: str, count: int, now: datetime) -> None:
        """Use `count` new configurations, as another program of the account would; at most what is left."""
        with self._lock:
            counted = self._counted(account, endpoint_region, now)
            for number in range(min(count, self.limit - len(counted))):
                name = f"other-{now.timestamp()}-{number}"
                counted[Configuration(frozenset({name}), 1, "units", frozenset(), False)] = now

    def _counted(self, account: str, endpoint_region: str, now: datetime) -> dict[Configuration, datetime]:
        used = self._last_used.get((account, endpoint_region), {})
        counted = {configuration: at for configuration, at in used.items() if now - at < _WINDOW}
        self._last_used[account, endpoint_region] = counted
        return counted
