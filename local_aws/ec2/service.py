"""The whole of EC2: the calls answered here, before moto's."""

import functools

from moto import backends
from moto.core import responses, utils
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
    """Have moto's server pass EC2 calls to these classes, and not look up again what never changes.

    Its folder of services and each class's methods, read anew at every call, take half of a call's time.
    """
    urls.url_paths["{0}/"] = Ec2.dispatch
    modules = tuple(backends.list_of_moto_modules())
    vars(backends)["list_of_moto_modules"] = lambda: modules
    vars(responses)["method_names_from_class"] = _method_names


@functools.cache
def _method_names(kind: type) -> list[str]:
    return utils.method_names_from_class(kind)
