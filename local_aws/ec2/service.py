"""The whole of EC2: the calls answered here, before moto's."""

from moto.ec2 import urls
from moto.ec2.responses import EC2Response

from local_aws.ec2.instance_types import InstanceTypes
from local_aws.ec2.launches import Launches
from local_aws.ec2.placement_scores import PlacementScores
from local_aws.ec2.price_history import PriceHistory
from local_aws.ec2.regions import Regions
from local_aws.ec2.tags import Tags


class Ec2(PlacementScores, Regions, InstanceTypes, Launches, PriceHistory, Tags, EC2Response):
    """EC2: a call is answered by the first class that has it; moto's, the last, has all the others."""


def install() -> None:
    """Have moto's server pass EC2 calls to these classes."""
    urls.url_paths["{0}/"] = Ec2.dispatch
