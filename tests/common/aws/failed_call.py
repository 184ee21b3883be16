"""A failed call of AWS, as botocore raises it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from botocore.exceptions import ClientError

BLOB = "x7Zq" * 300
ENCODED = "Encoded authorization failure message:"
KEYS = "AWS was not able to validate the provided access credentials"


def refused(code: str, message: str = "no", *, hours_ahead: float | None = None) -> ClientError:
    headers = {}
    if hours_ahead is not None:
        headers["date"] = format_datetime(datetime.now(UTC) - timedelta(hours=hours_ahead), usegmt=True)
    about: Any = {"HTTPStatusCode": 400, "HTTPHeaders": headers, "RequestId": "1", "HostId": "", "RetryAttempts": 0}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": about}, "Call")
