"""Calls on spot requests through boto3, as tests make them."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn

TAG = {"Key": "probe", "Value": "mine"}


def request(ec2: Any, ami: str, count: int = 1, **parameters: Any) -> list[str]:
    answer = ec2.request_spot_instances(**spot_parameters(ami, count) | parameters)
    return [row["SpotInstanceRequestId"] for row in answer["SpotInstanceRequests"]]


def spot_parameters(ami: str, count: int = 1) -> dict[str, Any]:
    return {
        "InstanceCount": count,
        "LaunchSpecification": {
            "ImageId": ami,
            "InstanceType": "m5.large",
            "UserData": base64.b64encode(b"#!/bin/sh\nshutdown -h +20\n").decode(),
        },
        "TagSpecifications": [{"ResourceType": "spot-instances-request", "Tags": [TAG]}],
    }


def advance(aws: StandIn, seconds: float) -> datetime:
    now = aws.control.now() + timedelta(seconds=seconds)
    aws.control.set_clock(now)
    return now


def instance_ids(ec2: Any, ids: list[str]) -> list[str]:
    rows = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=ids)["SpotInstanceRequests"]
    return [row["InstanceId"] for row in rows if "InstanceId" in row]


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])
