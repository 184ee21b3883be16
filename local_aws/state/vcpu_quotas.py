"""The account's quotas of spot vCPUs, by Region and by AWS's class of instance families (standard, g-and-vt, …)."""

from collections.abc import Iterable, Mapping
from itertools import takewhile

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html
_CLASS_OF = {"f": "f", "g": "g-and-vt", "gr": "g-and-vt", "vt": "g-and-vt", "p": "p", "x": "x", "inf": "inf"}
_CLASS_OF |= {"trn": "trn", "dl": "dl", "hpc": "hpc", "u": "high-memory"}
# What an account has that is in use for some time; a new one has 5 standard vCPUs and none of the others.
DEFAULT_VCPUS = {"standard": 1440, "g-and-vt": 256, "p": 192, "f": 176, "x": 256, "inf": 256, "trn": 256}
DEFAULT_VCPUS |= {"dl": 192, "hpc": 1024, "high-memory": 0}


def quota_class(instance_type: str) -> str:
    """Return the quota class of an instance type; most families are standard."""
    family = instance_type.partition(".")[0].partition("-")[0]
    letters = "".join(takewhile(str.isalpha, family))
    return _CLASS_OF.get(letters, "standard")


def quota(quotas: Mapping[str, int], instance_type: str, region: str) -> int:
    """Return the quota of this type's class in a Region, in vCPUs.

    Quotas are by class, or by "class@region", which goes first; a class not named has AWS's default.
    """
    kind = quota_class(instance_type)
    return quotas.get(f"{kind}@{region}", quotas.get(kind, DEFAULT_VCPUS[kind]))


def exceeds(wanted: int, instance_type: str, used_types: Iterable[str], vcpus: Mapping[str, int], limit: int) -> bool:
    """Return whether `wanted` more instances, beside those that count already, are more vCPUs than the limit."""
    kind = quota_class(instance_type)
    used = sum(vcpus[used_type] for used_type in used_types if quota_class(used_type) == kind)
    return used + wanted * vcpus[instance_type] > limit
