"""The newest Amazon Linux 2023 AMI of a Region, by the public parameters AWS keeps for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import botocore.exceptions

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient

ARCHITECTURES = ("arm64", "x86_64")

# The default kernel, not the minimal image.
# https://docs.aws.amazon.com/linux/al2023/ug/ec2.html#launch-via-ssm
_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"


def newest_ami(ssm: SSMClient, architecture: str) -> str | None:
    """Ask SSM in the client's Region for the AMI of an architecture; None if the Region has none.

    Raises botocore's errors, and ValueError if the answer is no AMI id.
    """
    name = _PARAMETER.format(architecture=architecture)
    try:
        value = str(ssm.get_parameter(Name=name).get("Parameter", {}).get("Value", ""))
    except botocore.exceptions.ClientError as error:
        if error.response.get("Error", {}).get("Code") in ("ParameterNotFound", "ParameterVersionNotFound"):
            return None
        raise
    if not value.startswith("ami-"):
        raise ValueError(f"{name} is {value!r}, which is no AMI id")
    return value
