"""The one line for people where only they can mend it that AWS refuses: keys, clock, account, an IAM permission."""

import botocore.exceptions as failures

from common.aws import error_kind
from common.aws.aws_error import answer, code, describe
from common.aws.aws_time import CURE_OF_CLOCK, ahead_in_words, seconds_ahead
from common.aws.no_credentials import why_no_credentials
from common.errors import Refusal


def refusal(error: BaseException, action: str) -> Refusal | None:
    """Give the line about a failed call of an action (`ec2:DescribeRegions`); None if people cannot mend it."""
    if error_kind.is_denied(error):
        return Refusal(f"AWS denies {action}: give the IAM identity that permission ({describe(error)})")
    if error_kind.is_wrong_clock(error) or error_kind.is_request_time_refused(error):
        return Refusal(_about_the_time(error))
    if error_kind.is_wrong_keys(error):
        return Refusal(_about_the_keys(error))
    if state := error_kind.account_state(error):
        return Refusal(f"AWS holds the account back, at {action}: {state}; the keys are fine ({describe(error)})")
    return None


def _about_the_time(error: BaseException) -> str:
    ahead = seconds_ahead(answer(error))
    if ahead is None:
        return (
            f"AWS calls the request's time wrong: {CURE_OF_CLOCK}, if this machine's clock is off; else the credentials"
            f" may have expired, renew them ({describe(error)})"
        )
    if not error_kind.is_wrong_clock(error):
        return (
            "AWS calls the request's time wrong, but this machine's clock agrees with AWS's: so it answers where a"
            f" session's credentials have expired, renew them ({describe(error)})"
        )
    return (
        f"this machine's clock is {ahead_in_words(ahead)}, so AWS refuses what it signs: {CURE_OF_CLOCK}"
        f" ({code(error)})"
    )


def _about_the_keys(error: BaseException) -> str:
    if error_kind.is_expired(error):
        return f"the AWS credentials have expired: renew them ({describe(error)})"
    if not isinstance(error, failures.ClientError):
        return why_no_credentials(error)
    return f"AWS does not accept the credentials: renew or correct them ({describe(error)})"
