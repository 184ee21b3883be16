"""Wilson's score interval: between what limits a share may lie of which some cases were seen."""

import math

_Z_OF_90_PERCENT = 1.6448536269514722
"""Standard deviations of the normal distribution between which 90 % of it lie, 5 % on either side."""


def wilson_interval(yes: int, cases: int, z: float = _Z_OF_90_PERCENT) -> tuple[float, float]:
    """Give the lower and the upper end of the interval of a share, of which yes of the cases were seen.

    Unlike the plain interval (share ± z·√…) it stays within 0 to 1, and is no point where all cases were alike. Takes
    cases for independent; ten instances of one request are less than ten independent ones. Raises ValueError without a
    case.
    """
    if not 0 <= yes <= cases or not cases:
        raise ValueError(f"{yes} of {cases} is no share")
    share, weight = yes / cases, z * z / cases
    middle = share + weight / 2
    half = z * math.sqrt(share * (1 - share) / cases + weight / (4 * cases))
    # Exactly 0 and 1 where all were alike, which rounding would miss.
    lower = 0.0 if yes == 0 else (middle - half) / (1 + weight)
    upper = 1.0 if yes == cases else (middle + half) / (1 + weight)
    return lower, upper
