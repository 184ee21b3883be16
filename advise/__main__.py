"""Say where to launch now, by what was measured here: best (Region, instance type) pair first.

Reads the collected files only, and asks AWS nothing. Pairs with at least three probes in the last 14 days come in the
order of how surely their instances get ready, the others in that of their newest placement score. Without a TYPE: the
best of all that was polled in the last 24 hours; of a TYPE older values too, each with its age. Exit codes: 0 done, 1
done in part (what cannot be read was passed over), 2 bad arguments or settings, or nothing collected yet.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common.command_line import CommandLine
from common.exit_code import leave

_COUNT = 20


def main() -> int:
    """Print the advice."""
    arguments = _arguments()
    import configs
    from advise.answer import print_advice
    from common.clock import Clock
    from common.time_limit import LONGEST_RUN_SECONDS, time_limit

    # It writes nothing, and so has no log; what the readers would log is told at the end.
    logging.getLogger().addHandler(logging.NullHandler())
    with time_limit(LONGEST_RUN_SECONDS):
        return print_advice(
            configs.HOME,
            Clock.start().started,
            _words(arguments.types),
            _words(arguments.regions),
            arguments.count,
            as_json=arguments.json,
        )


def _words(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for text in texts for word in text.lower().replace(",", " ").split()))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 100,000")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = CommandLine("python -m advise", __doc__)
    parser.add_argument("types", nargs="*", metavar="TYPE", help="instance types, such as m7g.xlarge (default: all)")
    parser.add_argument(
        "--regions", nargs="+", default=(), metavar="R", help="only these Regions, such as eu-west-1 (default: all)"
    )
    parser.add_argument("--count", type=_count, default=_COUNT, metavar="N", help="rows at most (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON for scripts, as docs/advise.md explains it")
    return parser.parse_args()


if __name__ == "__main__":
    leave(main)
