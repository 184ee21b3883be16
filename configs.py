"""Every setting, with its default, its unit and its reason.

Your own values stand in spot.toml under HOME, by the same names (INSTANCE_COUNT = 2): git has nothing to say about it,
so that an upgrade meets nothing edited. An environment variable named SPOT_ + the name (SPOT_INSTANCE_COUNT=2) goes
before both. A value that cannot be right, or a name that is no setting's, is refused at start. AWS itself is configured
as for every AWS tool: profiles, AWS_ variables, roles.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from pathlib import Path

from common import settings, user_settings
from common.user_settings import UserSettings

if typing.TYPE_CHECKING:
    from analysis.health.figures import HealthSettings

# --- where things lie

# The folder under which all .../data and .../log folders live, and spot.toml, so that HOME itself cannot stand there.
# Default: the repository root.
HOME = UserSettings(file=None).setting("HOME", Path(__file__).resolve().parent, settings.folder)

_user_settings = UserSettings(HOME / user_settings.SETTINGS_FILE)
setting = _user_settings.setting
secrets_in_file = _user_settings.secrets_in_file

# --- which types are asked about

# Instance types polled every day, before all others, separated by spaces. Empty: none.
WATCH_TYPES = setting("WATCH_TYPES", "", settings.instance_types)

# Instance types carried over from day to day because their score changed most. Count.
SPS_AND_IF_TOP_K = setting("SPS_AND_IF_TOP_K", 30, settings.whole_number(0, 10_000))

# Instance types sampled at random each day, to explore. Count. 30 carried over + 10 new: each new one takes a place
# besides the one that yesterday's still occupies, so 30 + 2 * 10 = 50 fits the limit below exactly. What 30 and
# 10 see, and what 10 and 20: docs/what-the-data-can-say.md#what-a-plan-trades.
SAMPLE_COUNT = setting("SAMPLE_COUNT", 10, settings.whole_number(0, 10_000))

# Distinct placement-score configurations AWS lets one account use in 24 hours. Count. AWS publishes no number; about 50
# is what others found. Lower it if another program asks for placement scores with the same account.
SPS_CONFIGURATION_LIMIT = setting("SPS_CONFIGURATION_LIMIT", 50, settings.whole_number(1, 100_000))

# The endpoint asked for placement scores. A Region; some do not offer the call, us-east-1 and us-west-2 do.
SPS_REGION = setting("SPS_REGION", "us-east-1", settings.region)

# The Regions looked at, separated by spaces. Empty: every Region enabled for the account.
REGIONS = setting("REGIONS", "", settings.regions)

# Instance types polled and probed, as a regular expression that must match the whole name. Metal and the largest sizes
# cost too much to probe.
INSTANCE_PATTERN = setting(
    "INSTANCE_PATTERN", r".+\.(nano|micro|small|medium|large|xlarge|2xlarge|4xlarge)", settings.pattern
)

# Where interruption frequency comes from: the file behind AWS's Spot Instance Advisor page. A URL.
ADVISOR_URL = setting("ADVISOR_URL", "https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json", settings.url)

# Asked for (GET) after each poll that got at least half of the scores it asked for, with /fail behind it after one that
# did not, as healthchecks.io and its like want it: silence is then an alarm. A URL, which is a secret. Empty: none.
HEARTBEAT_URL = setting("HEARTBEAT_URL", "", settings.url_or_none, is_secret=True)

# Where what needs a person is told at once, each thing once a day, in apprise's notation (ntfy://topic, slack://…,
# https://github.com/caronc/apprise/wiki), separated by spaces; needs `script/install notify`. A secret. Empty: nowhere.
NOTIFY_URLS = setting("NOTIFY_URLS", "", settings.notification_addresses, is_secret=True)

# --- the launch-time probe: the only part that spends money

# (instance type, Region) pairs probed per run for their score: the highest among the pairs that today's plan polls, so
# that each launch has the placement score of its moment beside it. Count.
LAUNCH_TOP_K = setting("LAUNCH_TOP_K", 2, settings.whole_number(0, 1000))

# Pairs probed per run that are drawn at random from those that today's plan polls as its sample. Count. Without them a
# model fitted to the probes knows only restless pairs, and says nothing of others; one in three is enough.
LAUNCH_SAMPLE_COUNT = setting("LAUNCH_SAMPLE_COUNT", 1, settings.whole_number(0, 1000))

# Instances per probe; also the target capacity of the placement score, so that the two are comparable. Count.
INSTANCE_COUNT = setting("INSTANCE_COUNT", 10, settings.whole_number(1, 1000))

# Seconds until a probe gives up. 600 is cron's own interval.
TIMEOUT = setting("TIMEOUT", 600, settings.number(5, 86_400))

# Seconds between two looks at the instances. Shorter looks see more, and cost more calls.
STATUS_INTERVAL = setting("STATUS_INTERVAL", 3, settings.number(0.5, 3600))

# US dollars: no probe starts that could take the day's spending (instances, their volumes and public addresses) past
# this. It is spread evenly over the local day: a run for which it is too early probes nothing.
LAUNCH_DAILY_BUDGET_USD = setting("LAUNCH_DAILY_BUDGET_USD", 5.0, settings.number(0, 1_000_000))

# Where instances are launched, for accounts without a default VPC, or who want none of its defaults:
# "us-east-1=subnet-0123456789abcdef0 eu-west-1=subnet-…". A Region may stand there several times: each probe draws one
# of its subnets, and takes all of its security groups. In a Region that is not named: the account's default VPC, and
# the VPC's default group.
LAUNCH_SUBNETS = setting("LAUNCH_SUBNETS", "", settings.ids_by_region("subnet"))
LAUNCH_SECURITY_GROUPS = setting("LAUNCH_SECURITY_GROUPS", "", settings.ids_by_region("sg"))

# --- years

# Days that are over for longer than this are kept as .csv.gz, a tenth of the size, which all our programs read alike;
# logs go when they are three times as old. Days. 0: never.
KEEP_PLAIN_DAYS = setting("KEEP_PLAIN_DAYS", 30, settings.whole_number(0, 100_000))

# --- the nightly mail


@dataclass(frozen=True)
class SMTPConfigs:
    """The mail server and who writes to whom; the password is credential.txt's, or SPOT_SMTP_PASSWORD."""

    # The server; its certificate is verified.
    SMTP_HOST: str = setting("SMTP_HOST", "smtp.gmail.com", settings.host)
    # Its port for handing in mail: 465 means TLS from the start (RFC 8314), any other STARTTLS (587, RFC 6409).
    SMTP_PORT: int = setting("SMTP_PORT", 587, settings.whole_number(1, 65_535))
    # The address that sends, and logs in unless SMTP_USER does. Empty: none.
    SMTP_SENDER: str = setting("SMTP_SENDER", "", settings.mail_address)
    # The user name that logs in, where it is no address. Empty: SMTP_SENDER.
    SMTP_USER: str = setting("SMTP_USER", "", settings.user_name)
    # The addresses that get the report, separated by commas or spaces. Empty: it is written to disk only.
    SMTP_RECIPIENTS: tuple[str, ...] = setting("SMTP_RECIPIENTS", "", settings.mail_addresses)


_user_settings.check_names("HOME")


class UnknownAmi(KeyError):
    """The stored tables lack the family or the Region; the text says which, and the command that brings it."""

    def __str__(self) -> str:
        """Give the text as it is; KeyError would put it in quotes."""
        return str(self.args[0])


def health_settings() -> HealthSettings:
    """Give those by which every program judges whether the collection is healthy."""
    from analysis.health.figures import HealthSettings

    return HealthSettings(SPS_CONFIGURATION_LIMIT, SPS_REGION, LAUNCH_DAILY_BUDGET_USD, TIMEOUT, KEEP_PLAIN_DAYS)


def get_ami(region: str, instance: str) -> str:
    """Give the Amazon Linux 2023 AMI for an instance type in a Region, from the tables in force; no AWS call.

    Raises UnknownAmi with one line that names what is missing and the command that brings it.
    """
    from data_files import instance_tables

    family_arch, image_id = instance_tables.family_arch(HOME), instance_tables.image_id(HOME)
    family = instance.partition(".")[0]
    if family in instance_tables.CANNOT_RUN_AL2023:
        raise UnknownAmi(f"no AMI for {instance!r}: {family} {instance_tables.CANNOT_RUN_AL2023[family]}")
    if family not in family_arch:
        raise UnknownAmi(
            f"no architecture is known for the family {family!r} (of {instance!r}): "
            "run python instance_arch_and_ami_id/get_family_arch.py --write"
        )
    architecture = family_arch[family]
    if architecture not in image_id.get(region, {}):
        raise UnknownAmi(
            f"no {architecture} AMI is known for the Region {region!r}: "
            "run python instance_arch_and_ami_id/get_ami_id.py --write"
        )
    return image_id[region][architecture]
