"""Where a Region does not have the stored AMI (any more), this run uses the newest one instead."""

import logging
from dataclasses import replace
from pathlib import Path

from collect_launch_time.choosing.targets import Target
from collect_launch_time.problems import Problems
from common.aws.amazon_linux import newest_ami
from common.aws.aws_client import aws_client
from common.aws.aws_error import AWS_FAILURES
from data_files import instance_tables

log = logging.getLogger(__name__)

_UPDATE_THE_TABLE = "run python instance_arch_and_ami_id/get_ami_id.py --write"


def with_newest_ami(target: Target, home: Path, problems: Problems) -> Target | None:
    """Give a target whose stored AMI was refused the Region's newest AMI, and log that the AMI table is old.

    None, and a problem, if AWS names no other.
    """
    region = target.pair.region
    architecture = instance_tables.family_arch(home).get(target.pair.instance.partition(".")[0], "")
    try:
        newest = newest_ami(aws_client("ssm", region, attempts=4), architecture)
    except AWS_FAILURES as error:
        problems.add_error("the stored AMI is refused, and no newer one was found", error, str(target))
        return None
    if newest is None or newest == target.ami:
        problems.add(f"the stored AMI is refused, and there is no newer one; {_UPDATE_THE_TABLE}", str(target))
        return None
    # Logged as an error, so that the nightly report lists it among what needs a person; this run itself lacks nothing.
    log.error(
        "the AMI table is old: %s has no %s any more, %s is used; %s", region, target.ami, newest, _UPDATE_THE_TABLE
    )
    return replace(target, ami=newest)
