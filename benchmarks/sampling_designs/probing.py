"""One probe by the launch rules of the local market: what its looks and its instances would be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import configs
from benchmarks.sampling_designs.observed_market import ObservedMarket
from data_files.launches import instances, probes
from data_files.launches.instances import InstanceRow
from data_files.launches.looks import LookRow
from data_files.launches.probes import EndedProbe
from data_files.market.polled import Pair
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.region import SpotRegion
from local_aws.spot.request import SpotRequest
from local_aws.spot.scenario import Scenario

_ORDINARY = Scenario()  # AWS on an ordinary day


@dataclass(frozen=True)
class Asked:
    """A probe that is asked for: when, for which pair, and how that was selected."""

    at: datetime
    pair: Pair
    origin: str
    probability: float

    @property
    def key(self) -> probes.Key:
        """Give what tells it from all others."""
        return self.at, *self.pair


@dataclass(frozen=True)
class _Life:
    """What becomes of a request, in seconds after it; None: not before the timeout."""

    request: SpotRequest
    zone_id: str | None
    fulfilled: float | None
    running: float | None
    ready: float | None


@dataclass(frozen=True)
class Recorded:
    """The rows of a probe that has ended."""

    probe: EndedProbe
    looks: list[LookRow]
    instances: list[InstanceRow]


def record(observed: ObservedMarket, asked: Asked, seed: int) -> Recorded:
    """Launch INSTANCE_COUNT instances, look at them every STATUS_INTERVAL seconds until all are ready or TIMEOUT."""
    lives = [_life(request, asked.at) for request in _requests(observed, asked, seed)]
    seen_at = list(_looks(lives))
    end = asked.at + timedelta(seconds=seen_at[-1])
    ended = probes.ALL_READY if all(life.ready is not None for life in lives) else probes.TIMED_OUT
    counts = (
        [
            sum(getattr(life, stage) is not None and getattr(life, stage) <= seconds for life in lives)
            for seconds in seen_at
        ]
        for stage in ("ready", "fulfilled", "running")
    )
    looks = [
        LookRow(*asked.pair, len(lives), asked.at, asked.at + timedelta(seconds=seconds), *seen)
        for seconds, *seen in zip(seen_at, *counts, strict=True)
    ]
    probe = EndedProbe(
        asked.at, *asked.pair, len(lives), asked.origin, asked.probability, probes.READY,
        configs.TIMEOUT, configs.STATUS_INTERVAL, end, ended,
    )  # fmt: skip
    return Recorded(probe, looks, [_instance_row(asked, life, seen_at) for life in lives])


def ready_shares(observed: ObservedMarket, asked: Asked, seed: int, seconds: Sequence[float]) -> list[float]:
    """Launch as `record` does, and give the share of the instances that is ready at each of these seconds."""
    ready = [_life(request, asked.at).ready for request in _requests(observed, asked, seed)]
    return [sum(at is not None and at <= second for at in ready) / len(ready) for second in seconds]


def _requests(observed: ObservedMarket, asked: Asked, seed: int) -> list[SpotRequest]:
    region, instance = asked.pair
    # A Region of its own for every probe: what an earlier one launched has been ended long since.
    spot = SpotRegion(region, seed, observed.market, observed.geography, lambda: _ORDINARY)
    end = asked.at + timedelta(seconds=configs.TIMEOUT)
    order = LaunchOrder(
        region=region,
        instance_type=instance,
        image_id="ami-0123456789abcdef0",
        image_architecture=observed.geography.architecture(instance),
        count=configs.INSTANCE_COUNT,
        zone_ids=tuple(observed.geography.zone_ids(region, instance)),
        valid_from=asked.at,
        valid_until=end,
        persistent=False,
        ami_fits=True,
        client_token="",
        fingerprint="",
    )
    spot.order_spot(order, asked.at)
    return spot.every_request(end)


def _life(request: SpotRequest, asked_at: datetime) -> _Life:
    instance = next(iter(request.instances), None)
    if instance is None:
        return _Life(request, None, None, None, None)

    def seconds(at: datetime | None) -> float | None:
        passed = (at - asked_at).total_seconds() if at else None
        return passed if passed is not None and passed <= configs.TIMEOUT else None

    running = instance.running_at if instance.ever_runs else None
    return _Life(
        request, instance.zone_id, seconds(instance.launched_at), seconds(running), seconds(instance.all_ok_at)
    )


def _looks(lives: list[_Life]) -> Iterator[float]:
    """Give the seconds of the looks; the last one sees all ready, or the timeout."""
    ready = [life.ready for life in lives]
    last = max(configs.TIMEOUT if at is None else at for at in ready)
    seconds = configs.STATUS_INTERVAL
    while seconds < configs.TIMEOUT:
        yield seconds
        if seconds >= last:
            return
        seconds += configs.STATUS_INTERVAL
    yield configs.TIMEOUT


def _instance_row(asked: Asked, life: _Life, seen_at: list[float]) -> InstanceRow:
    def interval(seconds: float | None) -> tuple[datetime | None, datetime | None]:
        """Give the last look that did not see it, and the first that did."""
        before = [look for look in seen_at if seconds is None or look < seconds]
        after = [] if seconds is None else [look for look in seen_at if look >= seconds]
        last, first = (before[-1] if before else None), (after[0] if after else None)
        return _later(asked.at, last), _later(asked.at, first)

    not_fulfilled, fulfilled = interval(life.fulfilled)
    not_running, running = interval(life.running)
    not_ready, ready = interval(life.ready)
    request, launched = life.request, life.request.instances
    return InstanceRow(
        request_id=request.request_id,
        instance_id=launched[0].instance_id if launched else None,
        region=asked.pair[0],
        az=life.zone_id,
        instance=asked.pair[1],
        request_time=asked.at,
        fulfilled_time=fulfilled,
        running_time=running,
        not_ready_time=not_ready,
        ready_time=ready,
        outcome=instances.READY if ready else request.status(asked.at + timedelta(seconds=seen_at[-1])).code,
        not_fulfilled_time=not_fulfilled,
        not_running_time=not_running,
        aws_request_time=request.created_at,
        aws_fulfilled_time=_later(asked.at, life.fulfilled),
        aws_launch_time=_later(asked.at, life.fulfilled),
        cause=None if ready else instances.MARKET,
    )


def _later(at: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else at + timedelta(seconds=seconds)
