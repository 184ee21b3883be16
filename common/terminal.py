"""What a person at a terminal sees: progress and a one-line summary; under cron, nothing."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from common.redaction import without_secrets

_T = TypeVar("_T")


def is_watched() -> bool:
    """Tell whether somebody looks on: under cron stdout is no terminal, and cron mails whatever is printed."""
    return sys.stdout is not None and sys.stdout.isatty()  # None where a caller closed it


def say_on_terminal(line: str) -> None:
    """Print a line for a person who looks on; nothing under cron."""
    if is_watched():
        sys.stdout.write(f"{without_secrets(line)}\n")
        sys.stdout.flush()


def print_result(text: str) -> None:
    """Print what was asked for (a table, a policy), wherever stdout leads."""
    if sys.stdout is not None:
        shown = without_secrets(text)
        sys.stdout.write(shown if shown.endswith("\n") else f"{shown}\n")


def progress(items: Iterable[_T], total: int, what: str) -> Iterator[_T]:
    """Pass the items on, with a progress bar for a person who looks on."""
    if not is_watched():
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, total=total, desc=what, file=sys.stdout, leave=False, dynamic_ncols=True)
