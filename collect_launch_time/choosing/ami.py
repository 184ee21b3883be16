"""A stored AMI that the Region does not have (any more) is replaced, for this run, by the newest one."""

import logging

from collect_launch_time.choosing.targets import Target
from collect_launch_time.problems import Problems
from common.amazon_linux import newest_ami
from common.aws_client import aws_client
from common.aws_error import AWS_FAILURES
from data_files import instance_tables

log = logging.getLogger(__name__)

MENDED_BY = "run python instance_arch_and_ami_id/get_ami_id.py --write"


def heal(target: Target, problems: Problems) -> Target | None:
    """Look up the newest AMI for a target whose stored one is refused, and log that the table is old.

    None if there is no other.
    """
    region = target.pair.region
    architecture = instance_tables.family_arch().get(target.pair.instance.partition(".")[0], "")
    try:
        newest = newest_ami(aws_client("ssm", region, attempts=4), architecture)
    except AWS_FAILURES as error:
        problems.add_error("the stored AMI is refused, and no newer one was found", error, str(target))
        return None
    if newest is None or newest == target.ami:
        problems.add(f"the stored AMI is refused, and there is no newer one; {MENDED_BY}", str(target))
        return None
    # An error, so that the nightly report names it among what needs a person; the run itself lacks nothing.
    log.error("the AMI table is old: %s has no %s any more, %s is used; %s", region, target.ami, newest, MENDED_BY)
    return Target(target.pair, newest)
