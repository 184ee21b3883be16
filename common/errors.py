"""What ends a program early, as exceptions whose text is one line for people.

Exception
├── Refusal      settings, arguments or input that cannot be right; nothing was changed (exit code 2)
├── Locked       another run holds the lock (75)
└── Unwritable   what was obtained could not be written: disk full, folder not writable (1)

`common.exit_code.leave` turns each into its exit code; nothing else needs to catch them, except where one part of a run
may fail without ending the rest.
"""

from pathlib import Path


class Refusal(Exception):
    """Settings, arguments or input that cannot be right: one line for people, and nothing was changed."""


class Locked(Exception):
    """Another run holds the lock; is_overdue: for longer than a run may take, so that a person must look at it."""

    def __init__(self, text: str, *, is_overdue: bool = False) -> None:
        super().__init__(text)
        self.is_overdue = is_overdue


class Unwritable(Exception):
    """What was obtained could not be written (disk full, folder not writable): one line for people."""


def reason_of(error: OSError, path: Path) -> str:
    """Say why a file cannot be made or written; where that is denied, whose it, or the nearest folder there is, is."""
    reason = error.strerror or str(error)
    if not isinstance(error, PermissionError):
        return reason
    import getpass

    try:
        nearest = next(place for place in (path, *path.parents) if place.exists())
        return f"{reason}; {nearest} belongs to {nearest.owner()}, and this run is {getpass.getuser()}'s"
    except (OSError, KeyError, StopIteration):  # a user without a name, a folder that may not be looked into
        return reason
