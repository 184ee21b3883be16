"""What ends a program early, as exceptions whose text is one line for people.

Exception
├── Refusal      settings, arguments or input that cannot be right; nothing was changed (exit code 2)
├── Locked       another run holds the lock (75)
└── Unwritable   what was obtained could not be written: disk full, folder not writable (1)

`common.exit_code.leave` turns each into its exit code; nothing else needs to catch them, except where one part of a run
may fail without ending the rest.
"""


class Refusal(Exception):
    """Settings, arguments or input that cannot be right: one line for people, and nothing was changed."""


class Locked(Exception):
    """Another run holds the lock; is_overdue: for longer than a run may take, so that a person must look at it."""

    def __init__(self, text: str, *, is_overdue: bool = False) -> None:
        super().__init__(text)
        self.is_overdue = is_overdue


class Unwritable(Exception):
    """What was obtained could not be written (disk full, folder not writable): one line for people."""
