"""Say whether the collection is healthy, what needs a person first, then the figures. From files alone; no AWS call.

Leaves with 0 if it is healthy, with 1 if something needs a look. --json prints the same for programs; its keys are in
docs/contract.md.
"""

from __future__ import annotations

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
    """Read the files and show what they tell."""
    as_json = _arguments().json
    import configs  # after the arguments: --help answers even where a setting is wrong
    from analysis.health.causes import causes
    from analysis.health.figures import health
    from common.clock import Clock

    # What a reader warns of is for the logs of those who write; here a file that cannot be read is a cause.
    logging.getLogger().addHandler(logging.NullHandler())
    with time_limit(LONGEST_RUN_SECONDS):
        found = health(configs.HOME, Clock.start().started, configs.health_settings())
        attention = causes(found)
        if as_json:
            from status.document import document

            print_result(document(found, attention))
        else:
            from status.screen import screen

            print_result(screen(found, attention))
    return IN_PART if attention else DONE


def _arguments() -> argparse.Namespace:
    parser = CommandLine("python -m status", __doc__)
    parser.add_argument("--json", action="store_true", help="print it as JSON, for programs")
    return parser.parse_args()


if __name__ == "__main__":
    leave(main)
