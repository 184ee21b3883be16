"""All of this EC2: our own handlers before moto's."""

from moto.ec2 import urls
from moto.ec2.responses import EC2Response

from local_aws.ec2.instance_types import InstanceTypes
from local_aws.ec2.launches import SpotCalls
from local_aws.ec2.placement_scores import PlacementScores
from local_aws.ec2.price_history import SpotPrices
from local_aws.ec2.regions import Regions
from local_aws.ec2.tags import SpotTags


class Ec2(PlacementScores, Regions, InstanceTypes, SpotCalls, SpotPrices, SpotTags, EC2Response):
    """EC2 as this stand-in plays it; what none of ours answers, moto does."""


def install() -> None:
    """Let moto's server send EC2's requests to us."""
    urls.url_paths["{0}/"] = Ec2.dispatch
