"""Some days in which everything that can happen happens often; the same seed gives the same files."""

import random
from datetime import datetime, timedelta

from data_files.launches import probes
from data_files.market.polled import Pair
from tests.collect_launch_time.dataset.collected import Collection, at

PAIRS = [("us-east-1", "m5.large"), ("eu-west-1", "c7g.xlarge")]
LOOKS = ((3.0, 0, 0, 0), (6.0, 0, 4, 1), (120.0, 9, 10, 10))
DAYS = 3


def eventful_days(collection: Collection, seed: int = 7) -> None:
    """Three days: polls of all lengths, of two target capacities, prices in three zones, and probes of every ending."""
    dice = random.Random(seed)
    for step in range(DAYS * 24):
        time = at("01T00:00:00") + timedelta(hours=step)
        for pair in PAIRS:
            sps, band = dice.choice([None, 1, 2, 3]), dice.choice([None, 0, 1])
            collection.poll(time, sps, band, seconds=None, pair=pair, capacity=dice.choice([10, 10, 10, 1]))
            moved = time + timedelta(seconds=dice.randrange(3600))
            collection.price(moved, dice.randrange(1, 5) / 100, dice.choice(["az1", "az2", "az3"]), pair=pair)
        collection.stand(time, dice.randrange(1, 11), dice.choice(["use1-az1", "use1-az2", None]))
        _stand(collection, dice, time)
        if step % 3:
            collection.poll(time, 1, 1, seconds=round(dice.uniform(1, 5000), 3), pair=("us-east-1", "t3.nano"))
        if step % 20 == 0:
            for pair in PAIRS:
                collection.advise(time, dice.randrange(5), dice.randrange(100), pair=pair)
        for pair in PAIRS:
            _probe(collection, dice, time + timedelta(milliseconds=dice.randrange(540_000)), pair)


def _stand(collection: Collection, dice: random.Random, time: datetime) -> None:
    """Queries of one type and of several, which are now and then defined anew; some ask what the plan asks too."""
    for name in ("single", "other", "pool"):
        if dice.random() < 0.2:
            types = ("c7g.xlarge", "m5.large")[: 2 if name == "pool" else 1] if dice.random() < 0.5 else ("m5.large",)
            capacity = dice.choice([10, 10, 1, 200])
            collection.define(time, name, *types, capacity=capacity, scope=dice.choice(["region", "region", "zone"]))
        for region, _ in PAIRS:
            collection.stand(time, dice.randrange(1, 11), None, name, region)


def _probe(collection: Collection, dice: random.Random, time: datetime, pair: Pair) -> None:
    collection.probe(time, LOOKS, pair=pair)
    ended = dice.choice([None, probes.ALL_READY, probes.TIMED_OUT, probes.STOPPED, probes.REFUSED, probes.LOST])
    if ended is None:  # as an older version left it
        return
    origin, probability = dice.choice([(probes.TOP, 1.0), (probes.SAMPLE, 0.25)])
    until = dice.choice([probes.READY, probes.READY, probes.FULFILLED])
    collection.end(
        time, pair=pair, ended=ended, until=until, origin=origin, probability=probability,
        timeout=dice.choice([None, 600.0, 300.0]), status_interval=dice.choice([None, 3.0]),
    )  # fmt: skip
    cause = dice.choice([None, "market", "us", "account", "others"])
    collection.instance(time, f"sir-{time:%d%H%M%S%f}", pair=pair, az="use1-az1", cause=cause, not_ready_time=50.0)
