"""The one place that makes an AWS client: retries, timeouts, connections."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

import botocore.config
import botocore.exceptions

from common.aws import error_kind
from common.aws.aws_session import aws_session, renew_at_next_call
from common.errors import Refusal
from common.side_by_side import in_time
from common.version import USER_AGENT

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_service_quotas import ServiceQuotasClient
    from types_boto3_ssm import SSMClient
    from types_boto3_sts import STSClient

# Ten attempts outlast 30 % throttled, 10 % failed and 5 % reset calls (a query fails once in 3,000) and, at the worst,
# whatever comes or does not, end within (5 + 20 + 20 s) x 10 = 7.5 minutes: inside a poll's deadline of 9. Retries are
# botocore's standard ones: under such faults its adaptive mode succeeds as often, and takes four times as long.
ATTEMPTS = 10
_CONNECT_SECONDS = 5
_READ_SECONDS = 20
_CONNECTIONS = 50

# AWS says AuthFailure and its like by mistake now and then, and accepts the same call a moment later.
_SECOND_TRY_SECONDS = 1.0
_BAD_REQUEST, _SERVER_ERROR = 400, 500
_PAGE_BEGINS = (b"<html", b"<!doctype html")

_making = threading.Lock()  # a botocore session is not safe to make clients from in several threads


class ClientOptions(TypedDict, total=False):
    """How a client tries: attempts of a call, seconds to connect and to read an answer, connections it keeps.

    Both times together are the most that an attempt takes.
    """

    attempts: int
    connect_seconds: float
    read_seconds: float
    connections: int


@overload
def aws_client(service: Literal["ec2"], region: str, **options: Unpack[ClientOptions]) -> EC2Client: ...
@overload
def aws_client(service: Literal["ssm"], region: str, **options: Unpack[ClientOptions]) -> SSMClient: ...
@overload
def aws_client(service: Literal["sts"], region: str, **options: Unpack[ClientOptions]) -> STSClient: ...
@overload
def aws_client(
    service: Literal["service-quotas"], region: str, **options: Unpack[ClientOptions]
) -> ServiceQuotasClient: ...
@overload
def aws_client(service: str, region: str, **options: Unpack[ClientOptions]) -> Any: ...
def aws_client(service: str, region: str, **options: Unpack[ClientOptions]) -> Any:
    """Make a client of a service in a Region; safe to use from many threads at once.

    Raises Refusal if there are no credentials, or the configuration cannot be used (unknown profile, bad endpoint).
    """
    connect_seconds, read_seconds = (
        options.get("connect_seconds", _CONNECT_SECONDS),
        options.get("read_seconds", _READ_SECONDS),
    )
    config = botocore.config.Config(
        region_name=region,
        retries={"mode": "standard", "total_max_attempts": options.get("attempts", ATTEMPTS)},
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        max_pool_connections=options.get("connections", _CONNECTIONS),
        tcp_keepalive=True,
        user_agent_extra=USER_AGENT,
    )
    with _making:
        try:
            client: Any = aws_session().create_client(service, config=config)
            client.meta.events.register_first("needs-retry.*", _think_twice)
            client._endpoint.http_session = _InTime(client._endpoint.http_session, connect_seconds + read_seconds)
            return client
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise Refusal(f"the AWS configuration cannot be used: {error}") from error


class NotAwsAnswerError(botocore.exceptions.HTTPClientError):
    """A page came in place of an answer. botocore would read it as one that lists nothing; no service of AWS sends any.

    Tried again as a broken connection is.
    """

    fmt = "a web page (HTTP {status}) in place of AWS's answer: a proxy, firewall or log-in page stands in between"


class _InTime:
    """Sends as botocore's own HTTP session does, each attempt within a time.

    botocore's timeouts begin anew with every byte that comes, and know nothing of the search for the host's name.
    """

    def __init__(self, session: Any, seconds: float) -> None:
        self._session = session
        self._seconds = seconds

    def send(self, request: Any) -> Any:
        """Send one attempt; raises botocore's errors."""
        try:
            response = in_time(self._seconds, lambda: self._session.send(request))
        except TimeoutError as error:
            raise botocore.exceptions.ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except RuntimeError:  # no thread is available
            response = self._session.send(request)
        if response.content.lstrip()[:14].lower().startswith(_PAGE_BEGINS):
            raise NotAwsAnswerError(status=response.status_code)
        return response

    def close(self) -> None:
        """Close its connections."""
        self._session.close()


def _think_twice(response: Any = None, attempts: int = 1, **_: Any) -> float | None:
    """Ask once more where AWS does not accept the credentials; do not ask again where it answers with no capacity.

    The second is an answer, though it may come as HTTP 500, which botocore would repeat: it goes by the status.
    """
    if response is None:
        return None
    http_response, parsed = response
    code = str(parsed.get("Error", {}).get("Code", ""))
    if code in error_kind.ANSWERS_NOT_FAILURES and http_response.status_code >= _SERVER_ERROR:
        http_response.status_code = _BAD_REQUEST
    if attempts > 1 or code not in error_kind.VERDICTS_ON_CREDENTIALS:
        return None
    if code in error_kind.ENDED_SESSION:
        renew_at_next_call()
    return _SECOND_TRY_SECONDS
