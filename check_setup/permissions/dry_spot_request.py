"""Try whether a spot request would be allowed, with three belts against ever making one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from common.aws import aws_error
from data_files import instance_tables

# Should an endpoint honour DryRun elsewhere and overlook it here: nobody sells at this price, and it expires at once.
_PRICE_USD = "0.0001"
_EXPIRY = timedelta(seconds=10)
_INSTANCE_TYPE = "t3.micro"  # offered in every Region


class Untried(Exception):
    """It was not tried; the text says why."""


def dry_spot_request(ec2: Any, region: str) -> None:
    """Ask for a spot request by DryRun, tags included; AWS's answer comes as ClientError. Raises Untried."""
    _require_dry_runs(ec2)
    image = instance_tables.image_id().get(region, {}).get("x86_64")
    if not image:
        raise Untried("IMAGE_ID has no AMI to try it with")
    tags = [{"Key": "spot-collector-check", "Value": "dry-run"}]
    ec2.request_spot_instances(
        DryRun=True,
        InstanceCount=1,
        Type="one-time",
        SpotPrice=_PRICE_USD,
        ValidUntil=datetime.now(UTC) + _EXPIRY,
        LaunchSpecification={"ImageId": image, "InstanceType": _INSTANCE_TYPE},
        TagSpecifications=[{"ResourceType": "spot-instances-request", "Tags": tags}],
    )


def _require_dry_runs(ec2: Any) -> None:
    try:
        ec2.describe_spot_instance_requests(DryRun=True)
    except ClientError as error:
        if aws_error.code(error) == "DryRunOperation":
            return
        said = aws_error.describe(error)
        raise Untried(f"whether this endpoint honours DryRun cannot be told ({said})") from error
    raise Untried("this endpoint overlooks DryRun, so a try could cost money")
