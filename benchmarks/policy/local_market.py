"""The local AWS's own market, every pair of it on every day: its own functions, given whole arrays of moments.

`local_aws.market` works out one pool at one moment; all pairs of some weeks, a poll every ten minutes, would take it
hours. Its functions are plain arithmetic: with NumPy's in place of Python's they take arrays as well, and the seeded
noise is looked up for all of them at once. A test holds the counts against those of `Market.placement_score` itself.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

import configs
from benchmarks.policy.markets import Market
from benchmarks.sampling_designs.observed_market import ObservedMarket
from data_files.market.polled import Pair
from local_aws.market import noise, slack, spot_market
from local_aws.market.pool_traits import Pool

_POLL_SECONDS = 600
_POLLS = 86_400 // _POLL_SECONDS


class _Polls:
    """The moments of all polls, where a function asks for one."""

    def __init__(self, first: date, days: int) -> None:
        start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
        self._seconds = start + _POLL_SECONDS * np.arange(days * _POLLS)

    def timestamp(self) -> NDArray[np.int64]:
        """Give their seconds since the epoch."""
        return self._seconds


def local_market(seed: int, first: date, days: int, pairs: Sequence[Pair] = ()) -> Market:
    """Count the changes of the local AWS's pairs, or of these, on so many UTC days, for INSTANCE_COUNT instances."""
    observed = ObservedMarket(seed)
    polls: Any = _Polls(first, days)
    chosen = list(pairs or observed.pairs)

    def daily_changes(region: str, instance: str) -> NDArray[np.int64]:
        zone_ids = observed.geography.zone_ids(region, instance)
        scores = np.asarray(
            observed.market.placement_score([instance], zone_ids, configs.INSTANCE_COUNT, polls)
        ).reshape(days, _POLLS)
        counts: NDArray[np.int64] = np.count_nonzero(np.diff(scores, axis=1), axis=1)
        return counts

    with _arithmetic_of_arrays(), patch.object(observed.market, "_estimate", _estimates):
        return Market(chosen, np.array([daily_changes(*pair) for pair in chosen]).T)


@contextmanager
def _arithmetic_of_arrays() -> Iterator[None]:
    """Let the market's functions take arrays, until the block ends."""
    scoring: dict[str, Any] = {"exp": np.exp, "log2": np.log2, "floor": np.floor}
    scoring |= {"round": np.rint, "min": np.minimum, "max": np.maximum}
    with ExitStack() as stack:
        stack.enter_context(patch.multiple(spot_market, create=True, **scoring))
        stack.enter_context(patch.multiple(slack, exp=np.exp, cos=np.cos, drift=_drift))
        stack.enter_context(patch.object(noise, "drift", _drift))
        yield


def _estimates(pool: Pool, refreshes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give a pool's estimated capacity at each poll from the number of its refresh; each refresh is worked out once."""
    numbers = refreshes.astype(int)
    each: Any = np.arange(numbers[0], numbers[-1] + 1)
    estimated: Any = spot_market._estimated_capacity(pool, each)
    found: NDArray[np.float64] = estimated[numbers - numbers[0]]
    return found


def _drift(key: str, seconds: NDArray[np.float64], period_seconds: float) -> NDArray[np.float64]:
    """Give `noise.drift` at moments in the order of time."""
    position = seconds / period_seconds + noise._phase(key)
    cells = np.floor(position)
    part = position - cells
    eased = part * part * (3 - 2 * part)
    lattice = _normals(key, int(cells[0]), int(cells[-1]) + 2)
    place = (cells - cells[0]).astype(int)
    before, after = lattice[place], lattice[place + 1]
    drift: NDArray[np.float64] = (before + (after - before) * eased) / np.sqrt((1 - eased) ** 2 + eased**2)
    return drift


def _normals(key: str, first: int, after: int) -> NDArray[np.float64]:
    """Give `noise.normal(key, number)` for each number from first on, up to after."""
    prefix = f"{key}\x1f".encode()
    digests = b"".join([blake2b(prefix + b"%d" % number, digest_size=8).digest() for number in range(first, after)])
    uniform = (np.frombuffer(digests, "<u8").astype(float) + 0.5) / 2**64
    normals: NDArray[np.float64] = ndtri(uniform)
    return normals
