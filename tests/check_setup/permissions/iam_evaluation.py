"""What IAM makes of a policy with Allow statements only, as far as the printed one needs it, and of a call.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

import fnmatch
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore
import botocore.session

Policy = Mapping[str, Any]

SERVICES = {"ec2": "ec2", "ssm": "ssm", "servicequotas": "service-quotas"}
"""IAM's name of a service -> botocore's."""
ACCOUNT = "123456789012"


@functools.cache
def model(service: str) -> Any:
    """Give botocore's model of a service, by botocore's name."""
    return botocore.session.get_session().get_service_model(service)


@functools.cache
def operations(service: str) -> Mapping[str, str]:
    """Give the operations of a service by the names of a client's methods."""
    return {botocore.xform_name(operation): operation for operation in model(service).operation_names}


@dataclass(frozen=True)
class Asked:
    """What IAM is asked: may this action be done to this resource, with these condition keys; others are absent."""

    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict)


def allows(policy: Policy, asked: Asked) -> bool:
    """Tell whether a statement allows it."""
    return any(_applies(statement, asked) for statement in policy["Statement"])


def _applies(statement: Mapping[str, Any], asked: Asked) -> bool:
    assert statement.keys() <= {"Effect", "Action", "Resource", "Condition"}
    assert statement["Effect"] == "Allow"
    resources = [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]
    return (
        asked.action in statement["Action"]
        and any(fnmatch.fnmatchcase(asked.resource, pattern) for pattern in resources)
        and all(
            _holds(operator, asked.context.get(key), [wanted] if isinstance(wanted, str) else wanted)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    match operator:
        case "Null":
            return wanted == [str(value is None).lower()]
        case "StringEquals":
            return value in wanted
        case "StringLike":
            return value is not None and any(fnmatch.fnmatchcase(value, pattern) for pattern in wanted)
    raise AssertionError(f"this evaluation does not know {operator}")


def asked_by_call(
    service: str, operation: str, region: str, parameters: Mapping[str, Any], about: Mapping[str, Mapping[str, str]]
) -> Iterator[Asked]:
    """Give all that IAM is asked for one call; about has the condition keys of each id that AWS knows."""
    action = f"{next(name for name, botocores in SERVICES.items() if botocores == service)}:{operation}"
    here = {"aws:RequestedRegion": region, "ec2:Region": region}

    def arn(kind: str, name: str, account: str = ACCOUNT) -> str:
        return f"arn:aws:ec2:{region}:{account}:{kind}/{name}"

    match action:
        case "ec2:RequestSpotInstances":
            launch = parameters["LaunchSpecification"]
            new = arn("spot-instances-request", "*")
            yield Asked(action, new, here)
            yield Asked(action, arn("image", launch["ImageId"], account=""), here)
            yield Asked(action, arn("network-interface", "*"), here)
            yield Asked(action, arn("subnet", launch.get("SubnetId", "subnet-default")), here)
            for group in launch.get("SecurityGroupIds", ["sg-default"]):
                yield Asked(action, arn("security-group", group), here)
            if "KeyName" in launch:
                yield Asked(action, arn("key-pair", launch["KeyName"]), here)
            if "IamInstanceProfile" in launch:
                yield Asked("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/any", here)
            if parameters.get("TagSpecifications"):
                yield Asked("ec2:CreateTags", new, here | {"ec2:CreateAction": operation})
        case "ec2:CancelSpotInstanceRequests":
            for name in parameters["SpotInstanceRequestIds"]:
                yield Asked(action, arn("spot-instances-request", name), {**here, **about.get(name, {})})
        case "ec2:TerminateInstances":
            for name in parameters["InstanceIds"]:
                yield Asked(action, arn("instance", name), {**here, **about.get(name, {})})
        case "ssm:GetParameter":
            yield Asked(action, f"arn:aws:ssm:{region}::parameter{parameters['Name']}", here)
        case _:
            yield Asked(action, context=here)
