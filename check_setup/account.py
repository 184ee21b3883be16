"""Who AWS takes us for, which Regions we may use, and whether our clock is right."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

import configs
from check_setup.finding import Finding, fine, to_do
from common.aws import aws_error
from common.aws.aws_client import aws_client
from common.aws.aws_error import AWS_FAILURES
from common.aws.aws_time import CURE_OF_CLOCK, ahead_in_words, seconds_ahead
from common.aws.regions import Regions, regions_to_ask
from common.errors import Refusal

# A few attempts: whoever asks what works does not want to wait for minutes.
_ATTEMPTS = 3
# AWS refuses signatures that are five minutes off.
_MOST_CLOCK_SECONDS = 60


@dataclass(frozen=True)
class Account:
    """What all checks that ask AWS go by."""

    regions: Regions


@functools.cache
def client(service: str, region: str) -> Any:
    """Make a client that gives up soon."""
    return aws_client(service, region, attempts=_ATTEMPTS, connect_seconds=5, read_seconds=15)


def find_account(found: Callable[[Account], None]) -> Iterator[Finding]:
    """Check credentials, clock and Regions; hand on the account if it can be asked anything."""
    try:
        answer = client("sts", configs.SPS_REGION).get_caller_identity()
    except Refusal as refusal:
        yield to_do("credentials", str(refusal))
        return
    except ClientError as error:
        yield from _clock(error.response)
        yield to_do("credentials", f"AWS does not accept them: {aws_error.describe(error)}")
        return
    except BotoCoreError as error:
        yield to_do("credentials", f"AWS cannot be reached (network? AWS_ENDPOINT_URL?): {aws_error.describe(error)}")
        return
    yield fine("credentials", f"account {answer['Account']}, {answer['Arn']}")
    yield from _clock(answer)
    try:
        regions = regions_to_ask(client("ec2", configs.SPS_REGION), configs.REGIONS)
    except (Refusal, *AWS_FAILURES) as error:
        reason = str(error) if isinstance(error, Refusal) else aws_error.describe(error)
        yield to_do("Regions", f"it is not known which are enabled: {reason}")
        return
    yield from _regions(regions)
    found(Account(regions))


def _regions(regions: Regions) -> Iterator[Finding]:
    asked = f"{len(regions.enabled)} to look at: {', '.join(regions.enabled)}"
    left_out = ", ".join(regions.not_enabled)
    if configs.REGIONS and left_out:
        yield to_do("Regions", f"{asked}; enable {left_out} for the account, or take them out of REGIONS")
    else:
        yield fine("Regions", asked + (f"; not enabled: {left_out}" if left_out else ""))


def _clock(answer: Any) -> Iterator[Finding]:
    ahead = seconds_ahead(answer)
    if ahead is None:
        return
    if abs(ahead) <= _MOST_CLOCK_SECONDS:
        yield fine("clock", f"within {max(2, round(abs(ahead)))} s of AWS's")
    else:
        yield to_do("clock", f"{ahead_in_words(ahead)}: {CURE_OF_CLOCK}")
