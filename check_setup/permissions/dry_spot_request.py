"""Try whether a spot request would be allowed, with three belts against ever making one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from collect_launch_time.ec2.network import ANYWHERE, Network
from common.aws import aws_error
from data_files import instance_tables

# Should an endpoint honour DryRun elsewhere and overlook it here: nobody sells at this price, and it expires at once.
_PRICE_USD = "0.0001"
_EXPIRY = timedelta(seconds=10)
_INSTANCE_TYPE = "t3.micro"  # offered in every Region
_YES = "DryRunOperation"


class Untried(Exception):
    """It was not tried; the text says why."""


def dry_spot_request(ec2: Any, home: Path, region: str, networks: Sequence[Network] = (ANYWHERE,)) -> None:
    """Ask for a spot request by DryRun, tags included, in each of these networks.

    AWS's answer comes as ClientError, the first that is no yes if there is one. Raises Untried.
    """
    _require_dry_runs(ec2)
    image = instance_tables.image_id(home).get(region, {}).get("x86_64")
    if not image:
        raise Untried("IMAGE_ID has no AMI to try it with")
    for network in networks[:-1]:
        try:
            _ask(ec2, image, network)
        except ClientError as error:
            if aws_error.code(error) != _YES:
                raise
    _ask(ec2, image, networks[-1])


def _ask(ec2: Any, image: str, network: Network) -> None:
    tags = [{"Key": "spot-collector-check", "Value": "dry-run"}]
    ec2.request_spot_instances(
        DryRun=True,
        InstanceCount=1,
        Type="one-time",
        SpotPrice=_PRICE_USD,
        ValidUntil=datetime.now(UTC) + _EXPIRY,
        LaunchSpecification={"ImageId": image, "InstanceType": _INSTANCE_TYPE, **network.specification},
        TagSpecifications=[{"ResourceType": "spot-instances-request", "Tags": tags}],
    )


def _require_dry_runs(ec2: Any) -> None:
    try:
        ec2.describe_spot_instance_requests(DryRun=True)
    except ClientError as error:
        if aws_error.code(error) == _YES:
            return
        said = aws_error.describe(error)
        raise Untried(f"whether this endpoint honours DryRun cannot be told ({said})") from error
    raise Untried("this endpoint overlooks DryRun, so a try could cost money")
