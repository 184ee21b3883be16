"""A client whose every call an IAM policy allows or denies; what is allowed does nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from tests.check_setup.permissions.iam_evaluation import Policy, allows, asked_by_call, operations

NOT_ALLOWED = "because no identity-based policy allows the {action} action"
DENY_STATEMENT = "with an explicit deny in a service control policy"


class GuardedClient:
    """Answers a DryRun as AWS does; denied is what is closed beside the policy: action -> AWS's reason."""

    def __init__(
        self, service: str, region: str, policy: Policy | None, denied: Mapping[str, str] | None = None
    ) -> None:
        self._service, self._region, self._policy, self._denied = service, region, policy, denied or {}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        return lambda **parameters: self._call(operations(self._service)[method], parameters)

    def _call(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((operation, parameters))
        if operation in self._denied:
            self._deny(operation, self._denied[operation])
        asked = asked_by_call(self._service, operation, self._region, parameters, {})
        if self._policy is not None and not all(allows(self._policy, one) for one in asked):
            self._deny(operation, NOT_ALLOWED.format(action=f"{self._service}:{operation}"))
        if parameters.get("DryRun"):
            raise _error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", operation)
        return {"Parameter": {"Value": "ami-0123456789abcdef0"}}

    def _deny(self, operation: str, reason: str) -> None:
        said = f"You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/u {reason}"
        raise _error("UnauthorizedOperation", f"{said}. Encoded authorization failure message: {'x7' * 600}", operation)


def _error(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)
