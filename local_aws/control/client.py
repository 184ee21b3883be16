"""A client of the control API, for tests and the demo."""

import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any


class ControlClient:
    """The control API of a running stand-in."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/") + "/_local_aws/"

    def state(self) -> dict[str, Any]:
        """Return the clock, the seed, and the faults, denials and limits in force."""
        return self._ask("GET", "state")

    def now(self) -> datetime:
        """Return the market's time."""
        return datetime.fromisoformat(self.state()["now"])

    def set_clock(self, now: datetime | None = None, speed: float | None = None) -> None:
        """Jump to a time, change the speed (market seconds per real second), or both."""
        body: dict[str, Any] = {} if now is None else {"now": now.isoformat()}
        self._ask("PUT", "clock", body | ({} if speed is None else {"speed": speed}))

    def set_faults(self, *rules: dict[str, Any]) -> None:
        """Replace all fault rules (see state/faults.py for their keys); without any, end all faults."""
        self._ask("PUT", "faults", list(rules))

    def deny(self, *rules: str | dict[str, Any]) -> None:
        """Deny these calls: actions by name, or rules (see state/access.py); without any, allow everything again."""
        self._ask("PUT", "denials", list(rules))

    def set_instance_role(self, **settings: Any) -> None:
        """Change settings of the metadata service's role (see state/instance_role.py)."""
        self._ask("PUT", "instance-role", settings)

    def expire_role_credentials(self) -> None:
        """End the role's credentials given out so far; whoever asks the metadata service again gets new ones."""
        self._ask("POST", "role-expiry")

    def set_configuration_limit(self, limit: int) -> None:
        """Set how many placement-score configurations an account may use in 24 hours."""
        self._ask("PUT", "configuration-limit", {"limit": limit})

    def use_configurations_elsewhere(self, count: int, endpoint_region: str = "us-east-1") -> None:
        """Use this many new configurations now, as another program of the account would."""
        self._ask("PUT", "configuration-limit", {"used_by_others": count, "endpoint_region": endpoint_region})

    def calls(self) -> list[dict[str, Any]]:
        """Return how often each action was called, by Region and outcome."""
        calls: list[dict[str, Any]] = self._ask("GET", "calls")["calls"]
        return calls

    def call_count(self, action: str, outcome: str | None = None) -> int:
        """Return how often an action was called, in all Regions; with any outcome, or this one."""
        return sum(
            call["count"] for call in self.calls() if call["action"] == action and outcome in (None, call["outcome"])
        )

    def score_queries(self) -> list[dict[str, Any]]:
        """Return every placement-score query: time, configuration, outcome."""
        queries: list[dict[str, Any]] = self._ask("GET", "calls")["score_queries"]
        return queries

    def truth(self) -> dict[str, Any]:
        """Return every spot request and instance as it really was (see truth.py)."""
        return self._ask("GET", "truth")

    def bill(self) -> dict[str, Any]:
        """Return what the spot instances cost up to now, in USD (see bill.py)."""
        return self._ask("GET", "bill")

    def set_scenario(self, **settings: Any) -> dict[str, Any]:
        """Change settings of how launches go (see spot/scenario.py); return all settings."""
        return self._ask("PUT", "scenario", settings)

    def set_catalog(self, **settings: Any) -> dict[str, Any]:
        """Change settings of what AWS's listings say (see ec2/catalog.py); return all settings."""
        return self._ask("PUT", "catalog", settings)

    def protect(self, region: str, *instance_ids: str, protected: bool = True) -> None:
        """Protect instances of a Region against TerminateInstances, or no longer."""
        self._ask("POST", "protection", {"region": region, "instance_ids": instance_ids, "protected": protected})

    def interrupt(self, region: str, *instance_ids: str) -> list[str]:
        """Interrupt these spot instances of a Region now, or all; return the ids of the interrupted ones."""
        body = {"region": region, "instance_ids": instance_ids}
        ids: list[str] = self._ask("POST", "interruption", body)["instance_ids"]
        return ids

    def add_decoys(self, kind: str, **options: Any) -> list[str]:
        """Make another owner's "open request", "spot instance" or "on-demand instance" (see decoys.py)."""
        ids: list[str] = self._ask("POST", "decoys", {"kind": kind} | options)["ids"]
        return ids

    def reset(self) -> None:
        """Forget every caller, fault and change; the clock goes back to where it started."""
        self._ask("POST", "reset")

    def _ask(self, method: str, name: str, body: Any = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + name, data=data, method=method)  # noqa: S310 - the stand-in's own URL
        # Without the proxy that the environment may name: the stand-in is on loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as response:
                answer: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            raise ValueError(f"{method} {name}: {json.load(error)['error']}") from error
        return answer
