"""Say what the journal holds open where nobody could look: this needs no AWS, and it may cost money."""

from collections.abc import Sequence

from common.counted import counted
from data_files.launches.journal import Entry


def open_probes_in_words(entries: Sequence[Entry]) -> str:
    """Say in one line how many probes are open, since when and where; the entries come oldest first, and are some."""
    verb = "is" if len(entries) == 1 else "are"
    intended = [entry.intended for entry in entries if entry.intended]
    since = f" since {min(intended).astimezone():%Y-%m-%dT%H:%M}" if intended else ""
    regions = ", ".join(sorted({entry.region for entry in entries}))
    return (
        f"{counted(len(entries), 'probe')} {verb} open{since} in {regions}: what they asked for may still run;"
        " the next run that can look ends it, or --clean-up"
    )
