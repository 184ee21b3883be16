"""The command line of `python -m collect_launch_time`."""

from dataclasses import dataclass

from common.command_line import CommandLine
from common.errors import Refusal
from common.settings import whole_number


@dataclass(frozen=True)
class Arguments:
    """The parsed and checked command line."""

    count: int | None  # None: the setting INSTANCE_COUNT
    dry_run: bool
    clean_up: bool
    until_fulfilled: bool


def parse(manual: str) -> Arguments:
    """Parse the command line; raises Refusal naming a wrong value. manual is the help text, a summary line first."""
    parser = CommandLine("python -m collect_launch_time", manual)
    parser.add_argument(
        "count", nargs="?", metavar="INSTANCE_COUNT", help="instances per probe (default: the setting INSTANCE_COUNT)"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be requested and what that could cost; request nothing"
    )
    parser.add_argument(
        "--clean-up", action="store_true", help="only cancel and terminate what earlier runs of ours left"
    )
    parser.add_argument(
        "--until",
        choices=("ready", "fulfilled"),
        default="ready",
        help="fulfilled: end each instance as soon as it is fulfilled, at nearly no cost (default: ready)",
    )
    parsed = parser.parse_args()
    return Arguments(_count(parsed.count), parsed.dry_run, parsed.clean_up, parsed.until == "fulfilled")


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return whole_number(1, 1000)(text)
    except ValueError as reason:
        raise Refusal(f"INSTANCE_COUNT is {text!r}, but must be {reason}") from None
