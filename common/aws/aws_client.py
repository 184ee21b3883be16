"""The one place that makes an AWS client: retries, timeouts, connections."""

import threading
from typing import Any

import botocore.config
import botocore.exceptions

from common.aws import aws_error
from common.aws.aws_session import aws_session
from common.errors import Refusal
from common.version import VERSION

# Ten attempts outlast 30 % throttled, 10 % failed and 5 % reset calls (a query fails once in 3,000) and, at the worst,
# stalls included, end within (5 + 20 + 20 s) x 10 = 7.5 minutes: inside a poll's deadline of 9. Retries are botocore's
# standard ones: under such faults its adaptive mode succeeds as often, and takes four times as long.
ATTEMPTS = 10
CONNECT_SECONDS = 5
READ_SECONDS = 20

# AWS says AuthFailure and its like by mistake now and then, and accepts the same call a moment later.
_SECOND_TRY_SECONDS = 1.0
_BAD_REQUEST, _SERVER_ERROR = 400, 500

_making = threading.Lock()  # a boto3 session is not safe to make clients from in several threads


def aws_client(
    service: str,
    region: str,
    *,
    attempts: int | None = None,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
    connections: int = 50,
) -> Any:
    """Make a client of a service in a Region; safe to use from many threads at once.

    Raises Refusal if there are no credentials, or the configuration cannot be used (unknown profile, bad endpoint).
    """
    config = botocore.config.Config(
        region_name=region,
        retries={"mode": "standard", "total_max_attempts": attempts or ATTEMPTS},
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        max_pool_connections=connections,
        tcp_keepalive=True,
        user_agent_extra=f"spot-collector/{VERSION}",
    )
    with _making:
        try:
            client = aws_session().client(service, config=config)
            client.meta.events.register_first("needs-retry.*", _think_twice)
            return client
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise Refusal(f"the AWS configuration cannot be used: {error}") from error


def _think_twice(response: Any = None, attempts: int = 1, **_: Any) -> float | None:
    """Ask once more where AWS does not accept the credentials; do not ask again where it answers with no capacity.

    The second is an answer, though it may come as HTTP 500, which botocore would repeat: it goes by the status.
    """
    if response is None:
        return None
    http_response, parsed = response
    code = str(parsed.get("Error", {}).get("Code", ""))
    if code in aws_error.ANSWERS_NOT_FAILURES and http_response.status_code >= _SERVER_ERROR:
        http_response.status_code = _BAD_REQUEST
    return _SECOND_TRY_SECONDS if attempts == 1 and code in aws_error.VERDICTS_ON_CREDENTIALS else None
