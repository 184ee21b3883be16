"""What cannot be read costs its own file only."""

import contextlib
from collections.abc import Iterator

from common.errors import Refusal

MAX_BYTES = 512 * 1024 * 1024
"""What is larger, or unpacks to more, is not read, to save memory. (A whole day in one CSV has 430 MB.)"""


class Damaged(Exception):
    """A source that cannot be read; it is skipped whole. The text says why, for people."""


def too_large(what: str) -> Damaged:
    """Say that a file exceeds MAX_BYTES; `what` is the verb."""
    return Damaged(f"{what} more than {MAX_BYTES >> 20} MB")


@contextlib.contextmanager
def failures_as_damage() -> Iterator[None]:
    """Raise Damaged for whatever fails within: there is no end of what parsers raise at unexpected bytes."""
    try:
        yield
    except (Damaged, Refusal):
        raise
    except MemoryError as error:
        raise Damaged("does not fit into memory") from error
    except Exception as error:
        first_line = (str(error).splitlines() or [""])[0]
        raise Damaged(f"cannot be read ({type(error).__name__}{first_line and ': '}{first_line})") from error
