"""The network that instances are launched in, where LAUNCH_SUBNETS and LAUNCH_SECURITY_GROUPS name one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

ByRegion = Mapping[str, Sequence[str]]
"""Ids of subnets or of security groups, by Region."""


@dataclass(frozen=True)
class Network:
    """A subnet, or the default VPC's where it is empty; security groups, or the VPC's default group."""

    subnet: str = ""
    security_groups: tuple[str, ...] = ()

    @property
    def specification(self) -> dict[str, Any]:
        """Give the part of a spot request's LaunchSpecification that says so.

        Never NetworkInterfaces, which EC2 takes instead of the two only: so the subnet decides about a public address.
        """
        named = {"SubnetId": self.subnet, "SecurityGroupIds": list(self.security_groups)}
        return {name: value for name, value in named.items() if value}


ANYWHERE = Network()
"""Where no setting names a network."""


def networks_in(region: str, subnets: ByRegion, security_groups: ByRegion) -> list[Network]:
    """Give the networks that the settings name for a Region: one a subnet, or the one without."""
    groups = tuple(security_groups.get(region, ()))
    return [Network(subnet, groups) for subnet in subnets.get(region, ()) or ("",)]


def draw_network(region: str, subnets: ByRegion, security_groups: ByRegion, random: Random) -> Network:
    """Draw one of a Region's networks for a probe, each alike: a request names one subnet, and so one zone."""
    return random.choice(networks_in(region, subnets, security_groups))
