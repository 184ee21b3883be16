"""The account's quotas: vCPUs of spot instances, by Region and class of instance families."""

from collections.abc import Iterable, Mapping

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html
_CLASS_OF = {"f": "f", "g": "g-and-vt", "gr": "g-and-vt", "vt": "g-and-vt", "p": "p", "x": "x", "inf": "inf"}
_CLASS_OF |= {"trn": "trn", "dl": "dl", "hpc": "hpc", "u": "high-memory"}
# What a young but used account has; a new one has 5 standard vCPUs and none of the others.
DEFAULT_VCPUS = {"standard": 1440, "g-and-vt": 256, "p": 192, "f": 176, "x": 256, "inf": 256, "trn": 256}
DEFAULT_VCPUS |= {"dl": 192, "hpc": 1024, "high-memory": 0}


def quota_class(instance_type: str) -> str:
    """Return the class an instance type counts in; most families are standard."""
    family = instance_type.partition(".")[0].partition("-")[0]
    letters = "".join(iter_letters(family))
    return _CLASS_OF.get(letters, "standard")


def iter_letters(family: str) -> Iterable[str]:
    """Yield a family's leading letters: g of g6e, inf of inf2."""
    for letter in family:
        if not letter.isalpha():
            return
        yield letter


def quota(quotas: Mapping[str, int], instance_type: str, region: str) -> int:
    """Return how many vCPUs this type's class may have in a Region, by the scenario's or AWS's own figures."""
    kind = quota_class(instance_type)
    return quotas.get(f"{kind}@{region}", quotas.get(kind, DEFAULT_VCPUS[kind]))


def exceeds(wanted: int, instance_type: str, used_types: Iterable[str], vcpus: Mapping[str, int], limit: int) -> bool:
    """Say whether so many more instances, beside those held and asked for already, are too many vCPUs."""
    kind = quota_class(instance_type)
    used = sum(vcpus[used_type] for used_type in used_types if quota_class(used_type) == kind)
    return used + wanted * vcpus[instance_type] > limit
