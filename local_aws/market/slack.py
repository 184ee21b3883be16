"""The hidden quantity from which everything that callers observe follows: a pool's slack at a time.

Slack is how much spare capacity an instance type has in a zone, in standard deviations around "just enough". It is a
sum of what lasts (the pool's usual slack, a season of months, a run of days), of the time of day at its place, and of
fluctuations within hours. A type in a Region is calm for most of the time; how often it is restless, for a day or two
on end, differs widely, so that a tenth of the pairs have two fifths of all changes. While restless it is scarcer, too.
"""

from math import cos, erfc, exp, pi, sqrt

from local_aws.market.noise import drift
from local_aws.market.pool_traits import Pool

_HOUR = 3600.0
_DAY = 24 * _HOUR

# Standard deviations of what lasts.
_SEASON = 0.25
_DAYS = 0.3
# Standard deviations of what comes and goes within hours.
_FAMILY_HOURS = 0.4
_OWN_HOURS = 1.1
# What these are multiplied by: in a calm pool, and besides in a restless one.
_CALM = 0.02
_RESTLESS = 2.0
_STEEPNESS = 4.5  # of the way from calm to restless; the higher, the fewer hours between the two
_LOSS = 0.4  # of slack, for each unit of fluctuation


def slack_at(pool: Pool, seconds: float) -> float:
    """Return a pool's slack at a time (seconds since the epoch): below 0 it is short."""
    unrest = _unrest(pool, seconds)
    within_hours = _FAMILY_HOURS * drift(pool.family_key + "/hours", seconds, 9 * _HOUR)
    within_hours += _OWN_HOURS * drift(pool.key + "/hours", seconds, _HOUR)
    return lasting_slack(pool, seconds) + _time_of_day(pool, seconds) + unrest * (within_hours - _LOSS)


def lasting_slack(pool: Pool, seconds: float) -> float:
    """Return the part of a pool's slack that changes over days and months only."""
    return pool.usual_slack + season(pool, seconds) + _DAYS * drift(pool.family_key + "/days", seconds, 5 * _DAY)


def season(pool: Pool, seconds: float) -> float:
    """Return the part of the slack that changes over months only, the same in all zones of a Region."""
    return _SEASON * drift(pool.pair_key + "/season", seconds, 90 * _DAY)


def usual_unrest(pool: Pool) -> float:
    """Return the share of time (0 to 1) for which a pool is restless."""
    return erfc(pool.calmness / sqrt(2)) / 2


def _unrest(pool: Pool, seconds: float) -> float:
    excess = drift(pool.pair_key + "/unrest", seconds, 1.35 * _DAY) - pool.calmness
    return _CALM + _RESTLESS / (1 + exp(-_STEEPNESS * excess))


def _time_of_day(pool: Pool, seconds: float) -> float:
    return -pool.tide * cos(2 * pi * (seconds / _HOUR - pool.scarcest_hour_utc) / 24)
