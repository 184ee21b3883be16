"""What a failed call of AWS says: its code, its words, and one line of them for people."""

import re
from collections.abc import Mapping
from typing import Any

import botocore.exceptions as failures
from botocore.parsers import ResponseParserError

from common.aws.no_connection import why_no_connection
from common.aws.region_name import REGION_PATTERN
from common.redaction import without_secrets

# Over a thousand characters that differ with every denial and tell nobody anything.
_ENCODED = re.compile(r"(Encoded authorization failure message:?)\s*\S+", re.IGNORECASE)
# A garbled answer, which is quoted, may be of any length; and what it concerns stands after it.
_LONGEST = 400
_WHOSE_FAULT = re.compile(r"^(?:Client|Server)\.(?=\w)")
_VARYING = re.compile(r"\S*\d\S*")

# What a call of botocore ends with when AWS refuses, is out of reach, or answers what is no answer.
AWS_FAILURES = (
    failures.ClientError,
    failures.BotoCoreError,
    ResponseParserError,
    # Which botocore's parser lets through where a number or a time is none, is out of bounds, or stands twice.
    ValueError,
    TypeError,
    RuntimeError,
)


def answer(error: BaseException) -> Mapping[str, Any]:
    """Give AWS's answer as botocore reads it; empty if there was none."""
    return error.response if isinstance(error, failures.ClientError) else {}


def code(error: BaseException) -> str:
    """Give AWS's error code, or the kind of failure if AWS never answered in words."""
    if isinstance(error, failures.ClientError):
        # Some endpoints write whose fault it is before it, as EC2 itself does in an instance's state reason.
        return _WHOSE_FAULT.sub("", str(answer(error).get("Error", {}).get("Code") or "")) or "Unknown"
    return type(error).__name__


def message(error: BaseException) -> str:
    """Give AWS's own words, as they are; empty if there are none."""
    return str(answer(error).get("Error", {}).get("Message") or "")


def describe(error: BaseException) -> str:
    """Say in one line what happened: code and AWS's own message, without secrets and encoded blobs, cut if long."""
    said = message(error) or "no message" if isinstance(error, failures.ClientError) else _of_botocore(error)
    line = without_secrets(" ".join(_ENCODED.sub(r"\1 …", f"{code(error)}: {said}").split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"


def _of_botocore(error: BaseException) -> str:
    said, why = str(error), why_no_connection(error)
    return said if why in said else f"{said}: {why}"


def cause(error: BaseException) -> str:
    """Give what is the same in all failures of one cause: without the Regions, ids and numbers that differ."""
    return _VARYING.sub("#", REGION_PATTERN.sub("(Region)", describe(error)))


def by_cause(errors: Mapping[str, BaseException]) -> list[tuple[BaseException, list[str]]]:
    """Group failures, by name of Region or query, that have one cause: one of them for each cause, and the names."""
    groups: dict[str, tuple[BaseException, list[str]]] = {}
    for name, error in errors.items():
        groups.setdefault(cause(error), (error, []))[1].append(name)
    return sorted(groups.values(), key=lambda group: -len(group[1]))
