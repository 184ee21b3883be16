"""Public archives on S3, read without an account and without copying them to disk first.

Requests are not signed, so no credentials are needed and none are sent. AWS_ENDPOINT_URL is honoured.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from typing import Any

from collect_sps_and_if.spotlake.find.damage import Damaged
from common.errors import Refusal

SCHEME = "s3://"
# SpotLake's bucket lies in us-west-2; for any other one, S3 itself says where to ask.
DEFAULT_REGION = "us-west-2"
CONNECTIONS = 16
RANGE_BYTES = 4 * 1024 * 1024


def is_address(place: str) -> bool:
    """Tell an s3:// address from a path."""
    return place.startswith(SCHEME)


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
                # data/aws is not data/aws-old, and a key that ends in a slash is a console's idea of a folder.
                if item["Key"] == key or (item["Key"].startswith(folder) and not item["Key"].endswith("/")):
                    yield f"{SCHEME}{bucket}/{item['Key']}"
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        raise Refusal(f"cannot list {address} without an account: {_reason(error)}") from error


def read(address: str) -> bytes:
    """Fetch a whole object. Raises Damaged if it cannot be had."""
    return _get(address)


class Ranged(io.BufferedReader):
    """An object as a file one can seek in, fetched in ranges as they are asked for: flat memory, nothing on disk."""

    def __init__(self, address: str) -> None:
        """Ask for the object's size. Raises Damaged if it cannot be had."""
        super().__init__(_Ranges(address), RANGE_BYTES)


class _Ranges(io.RawIOBase):
    def __init__(self, address: str) -> None:
        self._address = address
        self._size = _size(address)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        data = _get(self._address, Range=f"bytes={self._at}-{self._at + wanted - 1}")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _parts(address: str) -> tuple[str, str]:
    bucket, _, key = address.removeprefix(SCHEME).partition("/")
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
        return bytes(_client().get_object(Bucket=bucket, Key=key, **options)["Body"].read())
    except (
        botocore.exceptions.ClientError,
        botocore.exceptions.BotoCoreError,
        urllib3.exceptions.HTTPError,  # the body broke off
    ) as error:
        raise Damaged(_reason(error)) from error


@functools.cache
def _client() -> Any:
    import boto3
    import botocore
    import botocore.config

    config = botocore.config.Config(
        signature_version=botocore.UNSIGNED,
        retries={"mode": "standard", "total_max_attempts": 8},
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=CONNECTIONS,
        user_agent_extra="spot-collector",
    )
    session = boto3.Session()
    return session.client("s3", region_name=session.region_name or DEFAULT_REGION, config=config)


def _reason(error: Exception) -> str:
    import botocore.exceptions

    if isinstance(error, botocore.exceptions.ClientError):
        told = error.response.get("Error", {})
        return f"S3 answered {told.get('Code')}: {told.get('Message', '')}".rstrip(": ")
    return f"S3 did not answer: {' '.join(str(error).split())}"
