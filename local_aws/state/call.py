"""What a signed HTTP request asks of AWS: service, action, Region, caller, parameters."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
_ID = re.compile(r"(InstanceId|SpotInstanceRequestId)\.\d+")
_INSTANCE_TYPE = re.compile(r"(LaunchSpecification\.)?InstanceType(\.\d+)?")


@dataclass(frozen=True)
class Call:
    """One AWS call, as the request's signature and body describe it."""

    service: str
    action: str
    region: str
    access_key: str
    parameters: dict[str, str]
    session_token: str = ""  # of temporary credentials

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The instances and spot requests that it names, in its order."""
        return tuple(value for name, value in self.parameters.items() if _ID.fullmatch(name))

    @cached_property
    def instance_types(self) -> tuple[str, ...]:
        """The instance types that it names."""
        return tuple(value for name, value in self.parameters.items() if _INSTANCE_TYPE.fullmatch(name))

    @property
    def is_dry_run(self) -> bool:
        """Whether it only asks if the caller may make it."""
        return self.parameters.get("DryRun", "").lower() == "true"


def call_of(environ: dict[str, Any], body: bytes) -> Call | None:
    """Return the call a request makes, or None when it is not a signed AWS call."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not scope:
        return None
    access_key, region, service = scope.groups()
    token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return Call(service, target.rpartition(".")[2], region, access_key, _json_members(body), token)
    text = body.decode("utf-8", "replace") or environ.get("QUERY_STRING", "")
    parameters = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
    return Call(service, parameters.get("Action", ""), region, access_key, parameters, token)


def _json_members(body: bytes) -> dict[str, str]:
    try:
        members = json.loads(body or b"{}")
    except ValueError:
        return {}
    return {name: str(value) for name, value in members.items()} if isinstance(members, dict) else {}
