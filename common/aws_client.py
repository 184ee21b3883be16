"""The one place that makes an AWS client: retries, timeouts, connections."""

import functools
import threading
from typing import Any

import boto3
import botocore.config
import botocore.exceptions

from common.errors import Refusal
from common.version import VERSION

# Ten attempts outlast 30 % throttled, 10 % failed and 5 % reset calls (a query fails once in 3,000) and, at the worst,
# stalls included, end within (5 + 20 + 20 s) x 10 = 7.5 minutes: inside a poll's deadline of 9. Retries are botocore's
# standard ones: under such faults its adaptive mode succeeds as often, and takes four times as long.
ATTEMPTS = 10
CONNECT_SECONDS = 5
READ_SECONDS = 20

_making = threading.Lock()  # a boto3 session is not safe to make clients from in several threads


@functools.cache
def _session() -> Any:
    try:
        session = boto3.Session()
        if session.get_credentials() is None:
            raise Refusal("no AWS credentials: set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        return session
    except botocore.exceptions.BotoCoreError as error:
        raise Refusal(f"the AWS configuration cannot be used: {error}") from error


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
            return _session().client(service, config=config)
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise Refusal(f"the AWS configuration cannot be used: {error}") from error
