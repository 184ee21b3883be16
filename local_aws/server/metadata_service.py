"""The instance metadata service (IMDSv2), by which an SDK gets the credentials of the role of its machine.

An SDK asks it here if AWS_EC2_METADATA_SERVICE_ENDPOINT is the stand-in's URL. Faults of the action "metadata" let it
stumble.
"""

import json

from werkzeug.wrappers import Request, Response

from local_aws.state.instance_role import InstanceRole, RoleCredentials

METADATA_PREFIX = "/latest/"
_TOKEN_PATH = "/latest/api/token"  # noqa: S105 - a path
_ROLE_PATH = "/latest/meta-data/iam/security-credentials"
_LIFETIME_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
_LONGEST_SECONDS = 21600


def metadata(role: InstanceRole, request: Request) -> Response:
    """Answer a request for a token, the role's name or its credentials."""
    if request.path == _TOKEN_PATH:
        return _token(role, request)
    if request.method != "GET":
        return Response(status=405)
    if not role.knows_token(request.headers.get("X-aws-ec2-metadata-token", "")):
        return Response(status=401)
    name = role.settings.name
    if name and request.path.rstrip("/") == _ROLE_PATH:
        return _text(name)
    if name and request.path == f"{_ROLE_PATH}/{name}":
        return _text(json.dumps(_as_json(role.credentials()), indent=2))
    return Response(status=404)


def _token(role: InstanceRole, request: Request) -> Response:
    lifetime = request.headers.get(_LIFETIME_HEADER, "")
    if request.method != "PUT":
        return Response(status=405)
    if not lifetime.isdecimal() or not 1 <= int(lifetime) <= _LONGEST_SECONDS:
        return Response(status=400)
    response = _text(role.new_token(int(lifetime)))
    response.headers[_LIFETIME_HEADER] = lifetime
    return response


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain")


def _as_json(credentials: RoleCredentials) -> dict[str, str]:
    return {
        "Code": "Success",
        "LastUpdated": f"{credentials.issued_at:%Y-%m-%dT%H:%M:%SZ}",
        "Type": "AWS-HMAC",
        "AccessKeyId": credentials.access_key,
        "SecretAccessKey": credentials.secret_key,
        "Token": credentials.token,
        "Expiration": f"{credentials.expires_at:%Y-%m-%dT%H:%M:%SZ}",
    }
