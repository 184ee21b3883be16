"""Public archives on S3, read without an AWS account and without a copy on disk.

Requests are not signed, so no credentials are needed and none are sent. AWS_ENDPOINT_URL is honoured.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from typing import Any

from collect_sps_and_if.spotlake.find.damage import MAX_BYTES, Damaged, too_large
from common.errors import Refusal
from common.version import USER_AGENT

_SCHEME = "s3://"
# That of SpotLake's bucket; for a bucket elsewhere, S3 answers with its Region, and botocore asks there.
_DEFAULT_REGION = "us-west-2"
_MAX_CONNECTIONS = 16
RANGE_BYTES = 4 * 1024 * 1024
"""Fetched by one request when a file is not read whole."""


def is_address(location: str) -> bool:
    """Tell whether this is an s3:// address, not a path."""
    return location.startswith(_SCHEME)


def objects(address: str) -> Iterator[str]:
    """List the objects at or below an address, as addresses in the order of their names.

    Raises Refusal if there is no such bucket, it is not public, or S3 does not answer.
    """
    import botocore.exceptions

    bucket, key = _parts(address)
    folder = f"{key.rstrip('/')}/" if key else ""
    try:
        for page in _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key):
            for item in page.get("Contents", []):
                # Not data/aws-old for data/aws; and a key that ends in a slash is how the S3 console marks a folder.
                if item["Key"] == key or (item["Key"].startswith(folder) and not item["Key"].endswith("/")):
                    yield f"{_SCHEME}{bucket}/{item['Key']}"
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise Refusal(f"cannot list {address} without an account: {_reason(error)}") from error


def read_object(address: str) -> bytes:
    """Fetch a whole object. Raises Damaged if that fails, or if it has more than MAX_BYTES."""
    return _get(address)


class SeekableObject(io.BufferedReader):
    """An object as a file one can seek in; it is fetched range by range as it is read, never as a whole."""

    def __init__(self, address: str) -> None:
        """Ask for the object's size. Raises Damaged if that fails, as every later read may."""
        super().__init__(_UnbufferedObject(address), RANGE_BYTES)


class _UnbufferedObject(io.RawIOBase):
    def __init__(self, address: str) -> None:
        self._address = address
        self._size = _size(address)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._position)
        if wanted <= 0:
            return 0
        data = _get(self._address, Range=f"bytes={self._position}-{self._position + wanted - 1}")
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def _parts(address: str) -> tuple[str, str]:
    bucket, _, key = address.removeprefix(_SCHEME).partition("/")
    if not bucket:
        raise Refusal(f"{address} names no bucket; an address looks like s3://spotlake-open-data/data/aws/2025/")
    return bucket, key


def _size(address: str) -> int:
    import botocore.exceptions

    bucket, key = _parts(address)
    try:
        return int(_client().head_object(Bucket=bucket, Key=key)["ContentLength"])
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise Damaged(_reason(error)) from error


def _get(address: str, **options: str) -> bytes:
    import botocore.exceptions
    import urllib3.exceptions

    bucket, key = _parts(address)
    try:
        answer = _client().get_object(Bucket=bucket, Key=key, **options)
        with answer["Body"] as body:
            if answer["ContentLength"] > MAX_BYTES:
                raise too_large("has")
            return bytes(body.read())
    except (
        botocore.exceptions.ClientError,
        botocore.exceptions.BotoCoreError,
        urllib3.exceptions.HTTPError,  # the body broke off
    ) as error:
        raise Damaged(_reason(error)) from error


@functools.cache
def _client() -> Any:
    import botocore
    import botocore.config
    import botocore.session

    config = botocore.config.Config(
        signature_version=botocore.UNSIGNED,
        retries={"mode": "standard", "total_max_attempts": 8},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=_MAX_CONNECTIONS,
        user_agent_extra=USER_AGENT,
    )
    session = botocore.session.Session()
    region = session.get_config_variable("region") or _DEFAULT_REGION
    return session.create_client("s3", region_name=region, config=config)


def _reason(error: Exception) -> str:
    import botocore.exceptions

    if isinstance(error, botocore.exceptions.ClientError):
        answer = error.response.get("Error", {})
        return f"S3 answered {answer.get('Code')}: {answer.get('Message', '')}".rstrip(": ")
    return f"S3 did not answer: {' '.join(str(error).split())}"
