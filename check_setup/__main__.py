"""Say what of a real set-up works, one line each: fine, or what to do. Asks nothing that costs money.

Permissions are tried by DryRun, which does nothing; no placement-score configuration is used up, no letter is sent.
Leaves with 1 if anything is to do. --iam-policy prints the least IAM policy with which everything runs in REGIONS.
"""

import argparse
import logging
import sys
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common.command_line import CommandLine
from common.exit_code import DONE, IN_PART, leave
from common.terminal import print_result
from common.time_limit import LONGEST_RUN_SECONDS, time_limit


def main() -> int:
    """Print what each check finds."""
    if _arguments().iam_policy:
        import configs
        from check_setup.permissions.policy import policy

        networks = {"subnet": configs.LAUNCH_SUBNETS, "security-group": configs.LAUNCH_SECURITY_GROUPS}
        print_result(policy(configs.REGIONS, configs.SPS_REGION, networks))
        return DONE
    from check_setup.checks import all_findings
    from check_setup.finding import State

    # What a check warns of is in its line; a log of its own would need the folders that are being checked.
    logging.getLogger().addHandler(logging.NullHandler())
    to_do = 0
    with time_limit(LONGEST_RUN_SECONDS):
        for finding in all_findings():
            to_do += finding.state is State.TO_DO
            print_result(str(finding))
    return IN_PART if to_do else DONE


def _arguments() -> argparse.Namespace:
    parser = CommandLine("python -m check_setup", __doc__)
    parser.add_argument("--iam-policy", action="store_true", help="print the least IAM policy, and check nothing")
    return parser.parse_args()


if __name__ == "__main__":
    leave(main)
