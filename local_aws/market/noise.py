"""Seeded noise over time: pure functions, so that any moment can be computed, in any order."""

from functools import lru_cache
from hashlib import blake2b
from math import floor, hypot
from statistics import NormalDist
from struct import unpack

_NORMAL = NormalDist()


def uniform(*key: object) -> float:
    """Return a number in (0, 1) that depends on the key alone."""
    return uniforms(*key, count=1)[0]


def uniforms(*key: object, count: int) -> list[float]:
    """Return up to eight independent numbers in (0, 1) that depend on the key alone."""
    digest = blake2b("\x1f".join(map(str, key)).encode(), digest_size=8 * count).digest()
    return [(number + 0.5) / 2**64 for number in unpack(f"<{count}Q", digest)]


def normal(*key: object) -> float:
    """Return a standard normal number that depends on the key alone."""
    return normal_of(uniform(*key))


def normal_of(uniform_number: float) -> float:
    """Return the standard normal number with this cumulative probability."""
    return _NORMAL.inv_cdf(uniform_number)


def drift(key: str, seconds: float, period_seconds: float) -> float:
    """Return smooth noise at a time (seconds since the epoch): about standard normal, a new value every period.

    Between two of these values it is interpolated smoothly.
    """
    # Each key has a phase of its own: otherwise all pools would turn at the same moments.
    position = seconds / period_seconds + _phase(key)
    cell = floor(position)
    part = position - cell
    eased = part * part * (3 - 2 * part)
    before, after = _lattice(key, cell), _lattice(key, cell + 1)
    # Interpolation averages two values; dividing by the weights' norm keeps the variance at 1.
    return (before + (after - before) * eased) / hypot(1 - eased, eased)


@lru_cache(100_000)
def _phase(key: str) -> float:
    return uniform(key, "phase")


@lru_cache(200_000)
def _lattice(key: str, cell: int) -> float:
    return normal(key, cell)


@lru_cache(10_000)
def normal_once(*key: object) -> float:
    """Return `normal` of a key that is used often: cached."""
    return normal(*key)
