"""What an instance costs besides itself: its root volume and its public IPv4 address. Pure.

AWS bills both by the second, at least 60 s, from the launch on, whatever becomes of the instance: also while it is
pending, and also of one that AWS interrupts.
https://aws.amazon.com/ebs/pricing/ and https://aws.amazon.com/vpc/pricing/ (Public IPv4 Address)
"""

_MINIMUM_SECONDS = 60.0

# The root volume of Amazon Linux 2023's AMIs.
VOLUME_GB = 8
# gp3 in us-east-1. Most Regions are dearer by a tenth or two, the dearest by nearly as much again: at most some
# 0.0018 USD a probe of 10 instances.
VOLUME_USD_PER_GB_MONTH = 0.08
_HOURS_A_MONTH = 30 * 24

# The same in every Region; one an instance, as a default subnet gives it.
ADDRESS_USD_PER_HOUR = 0.005

VOLUME_USD_PER_HOUR = VOLUME_GB * VOLUME_USD_PER_GB_MONTH / _HOURS_A_MONTH
BESIDES_USD_PER_HOUR = VOLUME_USD_PER_HOUR + ADDRESS_USD_PER_HOUR
"""Of one instance, both together."""


def billed_seconds(seconds: float) -> float:
    """Give for how long a volume or an address that was there so long is billed."""
    return max(_MINIMUM_SECONDS, seconds)
