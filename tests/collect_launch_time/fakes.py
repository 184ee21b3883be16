"""A clock that is a number, and one Region's EC2 in plain Python, for tests of the calls that spend money."""

import csv
import itertools
import math
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.exceptions

from collect_launch_time.choosing.targets import ProbePair, Target
from collect_launch_time.ec2.answers import Instance, InstanceCheck, SpotRequest
from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG
from collect_launch_time.ec2.known_ids import KnownAnswers
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.prices import Prices
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.stop import Stop
from common.clock import Clock
from data_files.launches.journal import Entry, new_token
from data_files.launches.selection import SelectionRow

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEVER = math.inf
OURS = "0" * 32
REGION = "us-east-1"
TYPE = "m5.large"


@dataclass(frozen=True)
class FakeClock(Clock):
    """Time as a number of seconds since START, which sleep advances at once."""

    started: datetime = START
    started_monotonic: float = 0.0
    longest: float = 10_000.0  # a test that waits longer fails
    _passed: list[float] = field(default_factory=lambda: [0.0])

    def monotonic(self) -> float:
        return self._passed[0]

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self._passed[0] += seconds
        assert self._passed[0] < self.longest, "this waits for ever"


def refused(code: str, *, status: int = 400, retries: int = 0) -> botocore.exceptions.ClientError:
    """Make an error with which AWS answers."""
    metadata: Any = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return botocore.exceptions.ClientError({"Error": {"Code": code}, "ResponseMetadata": metadata}, "Call")


@dataclass
class Spot:
    """A spot request and the instance it leads to; moments are the clock's seconds."""

    request_id: str
    tags: Mapping[str, str]
    made: float = 0.0
    fulfilled: float = NEVER
    failed: float = NEVER
    cancelled: float = NEVER
    terminated: float = NEVER
    interrupted: float = NEVER
    seconds_to_running: float = 2.0
    seconds_to_ready: float = 20.0
    is_forgotten: bool = False  # AWS does not know it any more
    reason: str = ""  # of its instance's end, in AWS's code

    @property
    def instance_id(self) -> str:
        return self.request_id.replace("sir-", "i-")

    @property
    def ended(self) -> float:
        return min(self.terminated, self.interrupted)

    def is_alive(self, at: float) -> bool:
        return self.fulfilled <= at < self.ended

    def request(self, at: float) -> SpotRequest:
        has_instance = self.fulfilled <= at
        state, code = ("active", "fulfilled") if has_instance else ("open", "pending-fulfillment")
        if self.failed <= at:
            state, code = "failed", "bad-parameters"
        elif self.interrupted <= at:
            state, code = "closed", "instance-terminated-no-capacity"
        elif self.cancelled <= at:
            state = "cancelled"
            code = "request-canceled-and-instance-running" if has_instance else "canceled-before-fulfillment"
        ended = min(self.failed, self.interrupted, self.cancelled)
        since = ended if ended <= at else self.fulfilled if has_instance else self.made
        return SpotRequest(
            self.request_id,
            state,
            code,
            self.instance_id if has_instance else "",
            TYPE,
            tags=self.tags,
            message=f"in AWS's words: {code}",
            created=START + timedelta(seconds=self.made),
            status_since=START + timedelta(seconds=since),
        )

    def state(self, at: float) -> str:
        if self.ended <= at:
            return "shutting-down" if at < self.ended + 5 else "terminated"
        return "running" if self.fulfilled + self.seconds_to_running <= at else "pending"

    def check(self, at: float) -> InstanceCheck:
        state = self.state(at)
        is_ready = state == "running" and self.fulfilled + self.seconds_to_ready <= at
        return InstanceCheck(self.instance_id, state, is_ready, f"{REGION}a", "use1-az1")

    def instance(self, at: float) -> Instance:
        reason = "Server.SpotInstanceTermination" if self.interrupted <= at else self.reason
        launched = START + timedelta(seconds=self.fulfilled)
        ended = START + timedelta(seconds=self.ended) if self.ended <= at else None
        return Instance(self.instance_id, self.request_id, self.state(at), TYPE, f"{REGION}a", launched, reason, ended)


class FakeTime:
    """AWS's clock, the same as the fake one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return START + timedelta(seconds=self._clock.monotonic())


class FakeEc2(RegionEc2):
    """EC2 in one Region. Each call is recorded, may fail until a moment, and may take time."""

    def __init__(self, clock: FakeClock, region: str = REGION) -> None:
        super().__init__(region)
        self.clock = clock
        self.time: Any = FakeTime(clock)
        self.spots: list[Spot] = []
        self.calls: list[tuple[float, str, Sequence[str]]] = []
        self.failures: dict[str, tuple[float, Exception]] = {}
        self.protected: dict[str, Exception] = {}  # by the id of a request or an instance: AWS's no to end it
        self.during: dict[str, Callable[[], None]] = {}  # called in the middle of a call
        self.seconds: dict[str, float] = {}  # how long a call takes
        self.seconds_to_fulfil: list[float] = []  # for each next request in turn; the last value for all further ones
        self.crossing_seconds = NEVER  # from a cancel to a fulfilment in spite of it
        self.invisible_seconds = 0.0
        self.ignored_terminates = 0  # so many calls are confirmed and have no effect
        self.requests_forgotten = False  # AWS shows instances only, not their requests any more
        self.lost_answer: Exception | None = None  # raised instead of AWS's answer to a request that it carried out
        self.orders: list[dict[str, Any]] = []
        self.numbers = itertools.count(1)  # of the requests it makes

    # --- for tests to arrange and to look at

    def add(self, request_id: str, *, token: str = "", installation: str = OURS, **moments: Any) -> Spot:
        """Add a spot request."""
        tags = {INSTALLATION_TAG: installation, TOKEN_TAG: token}
        self.spots.append(Spot(request_id, tags, **moments))
        return self.spots[-1]

    def fail(self, call: str, error: Exception | None = None, *, until: float = NEVER) -> None:
        """Make a call fail until a moment."""
        self.failures[call] = until, error or refused("RequestLimitExceeded", status=503)

    def moments(self, call: str) -> list[float]:
        """The moments at which a call was made."""
        return [moment for moment, name, _ in self.calls if name == call]

    def asked(self, call: str) -> list[Sequence[str]]:
        """The ids in each call of a name."""
        return [list(ids) for _, name, ids in self.calls if name == call]

    @property
    def alive(self) -> list[str]:
        """The instances that are pending or running."""
        return [spot.instance_id for spot in self.spots if spot.is_alive(self.clock.monotonic())]

    @property
    def open(self) -> list[str]:
        """The requests that may still be fulfilled."""
        now = self.clock.monotonic()
        return [spot.request_id for spot in self.spots if min(spot.cancelled, spot.fulfilled, spot.failed) > now]

    # --- the calls

    @property
    def client(self) -> Any:
        return FakeClient(self)

    def prepare(self) -> None:
        """There are no clients to make."""

    def look_at_requests(self, request_ids: Sequence[str]) -> KnownAnswers[list[SpotRequest]]:
        return self._known_requests("look_at_requests", request_ids)

    def requests(self, request_ids: Sequence[str]) -> KnownAnswers[list[SpotRequest]]:
        return self._known_requests("requests", request_ids)

    def look_at_instances(self, instance_ids: Sequence[str]) -> KnownAnswers[list[InstanceCheck]]:
        at = self.call("look_at_instances", instance_ids)
        found = [spot for spot in self.spots if spot.instance_id in instance_ids and self.shows_instance(spot, at)]
        unknown = frozenset(instance_ids) - {spot.instance_id for spot in found}
        return KnownAnswers([[spot.check(at) for spot in found]], unknown)

    def requests_of_installation(self, installation_id: str) -> list[SpotRequest]:
        at = self.call("requests_of_installation")
        return [shown for shown in self._visible_requests(at) if shown.belongs_to(installation_id)]

    def requests_with_tokens(self, tokens: Sequence[str]) -> list[SpotRequest]:
        at = self.call("requests_with_tokens", tokens)
        return [shown for shown in self._visible_requests(at) if shown.token in tokens]

    def instances_of_requests(self, request_ids: Sequence[str]) -> list[Instance]:
        at = self.call("instances_of_requests", request_ids)
        found = [spot for spot in self.spots if spot.request_id in request_ids and self.shows_instance(spot, at)]
        return [spot.instance(at) for spot in found]

    def spot_prices(self, instance_types: Iterable[str]) -> list[Any]:
        self.call("spot_prices")
        return [
            {"InstanceType": kind, "AvailabilityZone": f"{self.region}a", "SpotPrice": "0.36", "Timestamp": START}
            for kind in instance_types
        ]

    def zone_ids(self) -> dict[str, str]:
        return {f"{REGION}a": "use1-az1"}

    # --- what they share

    def call(self, name: str, ids: Sequence[str] = ()) -> float:
        """Start a call; give the moment of its answer, or raise the arranged failure."""
        began = self.clock.monotonic()
        self.calls.append((began, name, ids))
        self.clock.sleep(self.seconds.get(name, 0.0))
        self.during.get(name, lambda: None)()
        until, error = self.failures.get(name, (0.0, Exception()))
        if began < until:
            raise error
        return self.clock.monotonic()

    def shows(self, spot: Spot, at: float) -> bool:
        """Whether AWS shows a request at a moment."""
        is_forgotten = spot.is_forgotten or self.requests_forgotten
        return not is_forgotten and spot.made + self.invisible_seconds <= at

    def shows_instance(self, spot: Spot, at: float) -> bool:
        """Whether AWS shows a request's instance at a moment."""
        return not spot.is_forgotten and spot.fulfilled + self.invisible_seconds <= at

    def _visible_requests(self, at: float) -> list[SpotRequest]:
        return [spot.request(at) for spot in self.spots if self.shows(spot, at)]

    def _known_requests(self, name: str, request_ids: Sequence[str]) -> KnownAnswers[list[SpotRequest]]:
        at = self.call(name, request_ids)
        found = [shown for shown in self._visible_requests(at) if shown.request_id in request_ids]
        return KnownAnswers([found], frozenset(request_ids) - {shown.request_id for shown in found})


class FakeClient:
    """boto3's calls that spend money, or end what does."""

    def __init__(self, ec2: FakeEc2) -> None:
        self._ec2 = ec2

    def request_spot_instances(self, **order: Any) -> dict[str, Any]:
        self._ec2.orders.append(order)
        at = self._ec2.call("request")
        tags = {tag["Key"]: tag["Value"] for tag in order["TagSpecifications"][0]["Tags"]}
        made = []
        for _ in range(order["InstanceCount"]):
            seconds = self._ec2.seconds_to_fulfil
            wait = seconds.pop(0) if len(seconds) > 1 else (seconds or [1.0])[0]
            made.append(Spot(f"sir-{next(self._ec2.numbers)}", tags, at, at + wait))
            self._ec2.spots.append(made[-1])
        if self._ec2.lost_answer:
            raise self._ec2.lost_answer
        return {"SpotInstanceRequests": [_raw(spot.request(at)) for spot in made]}

    def cancel_spot_instance_requests(self, SpotInstanceRequestIds: list[str]) -> dict[str, Any]:
        at = self._ec2.call("cancel", SpotInstanceRequestIds)
        found = self._find(SpotInstanceRequestIds, "SpotInstanceRequestID", lambda spot: spot.request_id, at)
        for spot in found:
            if spot.cancelled == NEVER:
                spot.cancelled = at
                if spot.fulfilled > at:
                    spot.fulfilled = at + self._ec2.crossing_seconds
        return {"CancelledSpotInstanceRequests": [{"SpotInstanceRequestId": spot.request_id} for spot in found]}

    def terminate_instances(self, InstanceIds: list[str]) -> dict[str, Any]:
        at = self._ec2.call("terminate", InstanceIds)
        answers = []
        is_ignored = self._ec2.ignored_terminates > 0
        self._ec2.ignored_terminates -= is_ignored
        for spot in self._find(InstanceIds, "InstanceID", lambda spot: spot.instance_id, at):
            before = spot.state(at)
            if not is_ignored:
                spot.terminated = min(spot.terminated, at)
            now = "terminated" if before == "terminated" else "shutting-down"
            answers.append({
                "InstanceId": spot.instance_id, "PreviousState": {"Name": before}, "CurrentState": {"Name": now},
            })  # fmt: skip
        return {"TerminatingInstances": answers}

    def _find(self, ids: list[str], kind: str, name: Callable[[Spot], str], at: float) -> list[Spot]:
        shows = self._ec2.shows if kind == "SpotInstanceRequestID" else self._ec2.shows_instance
        for no in filter(None, map(self._ec2.protected.get, ids)):
            raise no
        found = {name(spot): spot for spot in self._ec2.spots if shows(spot, at)}
        if not set(ids) <= set(found):
            raise refused(f"Invalid{kind}.NotFound")
        return [found[wanted] for wanted in ids]


def _raw(request: SpotRequest) -> dict[str, Any]:
    return {
        "SpotInstanceRequestId": request.request_id,
        "State": request.state,
        "Status": {"Code": request.code, "Message": request.message, "UpdateTime": request.status_since},
        "CreateTime": request.created,
        "InstanceId": request.instance_id,
        "LaunchSpecification": {"InstanceType": request.instance_type},
        "Tags": [{"Key": key, "Value": value} for key, value in request.tags.items()],
    }


def run_on(
    ec2: FakeEc2,
    home: Path,
    *,
    count: int = 2,
    timeout: float = 600.0,
    interval: float = 3.0,
    until_fulfilled: bool = False,
    regions: Sequence[FakeEc2] = (),
) -> RunContext:
    """A run of the probe on one Region's EC2, or on several."""
    by_region = {region.region: region for region in regions or [ec2]}
    settings = ProbeSettings(count, timeout, interval, until_fulfilled)
    return RunContext(settings, ec2.clock, home, OURS, Stop(), connect=by_region.__getitem__)


def now_here(work: Callable[[], None], _name: str) -> None:
    """Do the work at once, in the calling thread."""
    work()


def token_of_age(seconds: float) -> str:
    """A client token made so many seconds ago."""
    made = uuid.UUID(new_token())
    ticks = made.time - int(seconds * 1e7)
    low, middle, high = ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF | 0x1000
    return str(uuid.UUID(fields=(low, middle, high, made.clock_seq_hi_variant, made.clock_seq_low, made.node)))


def rows(home: Path, name: str) -> list[dict[str, str]]:
    """All days of one kind of file: "" for the looks, instances, journal, spending."""
    folder = home / "collect_launch_time" / "data" / name
    return [row for path in sorted(folder.glob("*.csv")) for row in csv.DictReader(path.open())]


def block(home: Path, name: str) -> None:
    """Make a kind of file unwritable: a file takes the place of its folder."""
    path = home / "collect_launch_time" / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def probe_on(run: RunContext, ec2: FakeEc2, entry: Entry, request_ids: Sequence[str]) -> Probe:
    """A probe whose requests AWS has just answered."""
    now = run.clock.now()
    prices, zones = Prices({(TYPE, f"{REGION}a"): 0.36}), {f"{REGION}a": "use1-az1"}
    target = Target(ProbePair(entry.instance, entry.region), "ami-1")
    settings = run.settings
    selected = SelectionRow(
        entry.token, now, entry.region, entry.instance, entry.count, "top", 1.0,
        "fulfilled" if settings.until_fulfilled else "ready", settings.timeout_seconds, settings.interval_seconds,
    )  # fmt: skip
    probe = Probe(target, entry, ec2, prices, zones, selected, run.clock.monotonic())
    spots = {spot.request_id: spot for spot in ec2.spots}
    probe.add_requests([spots[request_id].request(run.clock.monotonic()) for request_id in request_ids], now)
    return probe
