"""Every way in which a probe can end, as `probes` (`ended`) and `instances` (`cause`, `reason`) tell it.

By the contract's own words: see docs/contract.md. What a signal and other people end is in test_probe_faults.py and
test_probe_records.py, which need a process of its own.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local_aws.control import api
from tests.whole_runs.failures import programs
from tests.whole_runs.failures.cases import run
from tests.whole_runs.failures.in_process_aws import Asked, InProcessAws
from tests.whole_runs.failures.played import play
from tests.whole_runs.failures.programs import CLEAN_UP, ENVIRONMENT, HOME_REGION, PROBE, rows, score, set_up

pytestmark = pytest.mark.whole_run

ONE = {"SPOT_LAUNCH_TOP_K": "1", "SPOT_REGIONS": HOME_REGION}
READY = ("", "")
NO_CAPACITY = ("market", "There is no Spot capacity available that matches your request.")
CUT_SHORT = ("us", "Your spot request is fulfilled.")


@pytest.fixture(scope="module")
def _aws() -> Iterator[InProcessAws]:
    made = InProcessAws()
    gc.collect()
    gc.freeze()
    yield made
    gc.unfreeze()


@pytest.fixture
def aws(_aws: InProcessAws, tmp_path: Path) -> InProcessAws:
    set_up(_aws, tmp_path)
    score(tmp_path, ("m5.large", HOME_REGION))
    return _aws


@dataclass(frozen=True)
class Ending:
    """What happens to a probe of two instances, and what is to be written of it."""

    ended: str
    causes: tuple[tuple[str, str], ...]  # cause and reason, of each request
    scenario: Mapping[str, Any] = field(default_factory=dict)
    fault: Mapping[str, Any] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    code: int = 0


def _refused(code: str, **more: Any) -> Ending:
    fault = {"kind": "error", "action": "RequestSpotInstances", "code": code, "message": "no", **more}
    return Ending("refused", (), fault=fault, code=1)


def _market_says_no(code: str, status: int) -> Ending:
    fault = {"kind": "error", "action": "RequestSpotInstances", "code": code, "message": "no", "status": status}
    return Ending("timeout", (), fault=fault)


def _never_granted(code: str, words: str, ended: str = "refused") -> Ending:
    return Ending(ended, 2 * (("account", words),), {"request_end": code}, code=1)


def _fails_to_launch(reason: str, cause: str, ended: str, code: int) -> Ending:
    status = "instance-terminated-by-user" if reason.startswith("Client.") else "instance-terminated-by-service"
    scenario = {"launch_failure": reason, "launch_failure_code": status, "capacity": 2}
    return Ending(ended, 2 * ((cause, reason),), scenario, code=code)


ENDINGS = {
    "all ready": Ending("all_ready", (READY, READY), {"capacity": 2}),
    "one waits for capacity": Ending("timeout", (READY, NO_CAPACITY)),
    "none has capacity": Ending("timeout", (NO_CAPACITY, NO_CAPACITY), {"capacity": 0}),
    "none is ready in time": Ending("timeout", (CUT_SHORT, CUT_SHORT), {"capacity": 2, "check_seconds": [500, 500]}),
    "both are taken back": Ending(
        "timeout",
        2 * (("market", "Server.SpotInstanceTermination: Spot instance termination"),),
        {"capacity": 2, "check_seconds": [500, 500], "interrupt_share": 1, "interrupt_after_seconds": [3, 3],
         "interruption_notice_seconds": 1},
    ),
    "both are fulfilled": Ending("all_fulfilled", (CUT_SHORT, CUT_SHORT), {"capacity": 2, "pending_seconds": [60, 60]},
                                 arguments=("--until", "fulfilled")),
    "none is fulfilled": Ending("timeout", (NO_CAPACITY, NO_CAPACITY), {"capacity": 0},
                                arguments=("--until", "fulfilled")),
    "bad parameters": _never_granted("bad-parameters", "Your Spot request failed due to bad parameters."),
    "a volume limit": _never_granted(
        "limit-exceeded", "The limit on the number of EBS volumes or total volume storage was exceeded."),
    "a system error": _never_granted("system-error", "There was an unexpected system error. Please try again."),
    "a constraint": _never_granted(
        "constraint-not-fulfillable",
        "Your Spot request cannot be fulfilled because one or more of its constraints are not valid.", "timeout"),
    "a key that is gone": _fails_to_launch("Client.InternalError: Client error on launch", "account", "refused", 1),
    "a snapshot that is gone": _fails_to_launch(
        "Client.InvalidSnapshot.NotFound: The snapshot 'snap-0' does not exist.", "account", "refused", 1),
    "somebody from within": _fails_to_launch(
        "Client.InstanceInitiatedShutdown: Instance initiated shutdown", "others", "lost", 1),
    "a host that fails": _fails_to_launch("Server.InternalError: Internal error on launch", "market", "timeout", 0),
    "no room on a host": _fails_to_launch(
        "Server.InsufficientInstanceCapacity: Insufficient capacity", "market", "timeout", 0),
    "no capacity at once": _market_says_no("InsufficientInstanceCapacity", 500),
    "no host at once": _market_says_no("InsufficientHostCapacity", 400),
    "a price too low at once": _market_says_no("SpotMaxPriceTooLow", 400),
    "a quota of vCPUs": _refused("MaxSpotInstanceCountExceeded"),
    "a quota of vCPUs by another name": _refused("VcpuLimitExceeded", status=503),
    "no default subnet": _refused("DefaultSubnetDoesNotExist"),
    "a type that never goes here": _refused("Unsupported"),
    "a code that nobody knows": _refused("SomethingNew"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDINGS)
def test_it_is_written_down_as_it_was(aws: InProcessAws, tmp_path: Path, name: str) -> None:
    ending = ENDINGS[name]
    api.put_scenario(aws.world, dict(ending.scenario))
    api.put_faults(aws.world, [dict(ending.fault)] if ending.fault else [])
    ended = play_probe(aws, tmp_path, *ending.arguments)
    assert (ended.code, ended.stderr.count("\n"), ended.left) == (ending.code, ending.code, {}), ended
    assert [row["ended"] for row in rows(tmp_path, "collect_launch_time/data/probes")] == [ending.ended]
    recorded = rows(tmp_path, "collect_launch_time/data/instances")
    assert Counter((row["cause"], row["reason"]) for row in recorded) == Counter(ending.causes)


def play_probe(aws: InProcessAws, home: Path, *arguments: str, **more: Any) -> Any:
    """Run the probe for one pair."""
    return play(
        aws,
        PROBE.module,
        *arguments,
        environment={**ENVIRONMENT, "SPOT_HOME": str(home), **ONE, "SPOT_STATUS_INTERVAL": "5"},
        before=programs.patient(**programs.PATIENCE),
        **more,
    )


@pytest.mark.parametrize("action", ["RequestSpotInstances", "DescribeInstanceStatus"])
def test_a_probe_whose_run_was_killed_is_lost_and_no_word_is_written_of_its_instances(
    aws: InProcessAws, tmp_path: Path, action: str
) -> None:
    api.put_scenario(aws.world, {"capacity": 2})
    seen: list[Asked] = []
    aws.after = seen.append

    def kill(virtual: Any) -> None:
        if any(one.action == action for one in seen):
            virtual.ends_at = min(virtual.ends_at, virtual.passed + 0.1)

    play_probe(aws, tmp_path, after_call=kill)
    aws.after = lambda _: None
    ended = run(aws, CLEAN_UP, tmp_path, **ONE)
    assert (ended.code, ended.stderr, ended.left) == (0, "", {})
    assert [row["ended"] for row in rows(tmp_path, "collect_launch_time/data/probes")] == ["lost"]
    assert rows(tmp_path, "collect_launch_time/data/instances") == []


def test_each_refusal_for_the_caller_is_the_accounts_doing(aws: InProcessAws, tmp_path: Path) -> None:
    for code in ("PendingVerification", "OptInRequired", "RequestExpired", "UnauthorizedOperation"):
        set_up(aws, tmp_path)
        fault = {"kind": "error", "action": "RequestSpotInstances", "code": code}
        api.put_faults(aws.world, [fault])
        ended = play_probe(aws, tmp_path)
        assert (ended.code, ended.stderr.count("\n")) == (2, 1), ended
        assert [row["ended"] for row in rows(tmp_path, "collect_launch_time/data/probes")][-1] == "refused"
