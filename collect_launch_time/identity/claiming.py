"""What a run does with the id it finds: this place's is kept; where it is another place's, a new one is made."""

import logging
import uuid
from collections.abc import Sequence
from pathlib import Path

from collect_launch_time.folders import installation_file
from collect_launch_time.identity.installation import Installation, read_installation, write_installation
from collect_launch_time.identity.place import Place, place_of
from collect_launch_time.run_journal import RunJournal
from common.counted import counted
from common.errors import Unwritable
from common.run_log import tell_on_stderr
from data_files.launches.journal import Entry

log = logging.getLogger(__name__)


def claim(home: Path, journal: RunJournal, here: Place | None = None) -> str:
    """Give the id of this place, made at its first run; call it with the run's lock held.

    Where the id is another place's, a new one is made, and people are told once. What the journal then holds open is
    ours if the folder was moved on this machine. It is not if this is a copy: the original's probes may be running. Its
    entries are closed here, so that nothing looks for them, ends or bills them. Raises Unwritable if a new id cannot be
    stored.
    """
    path = installation_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    here = here or place_of(path.parent)
    found = read_installation(path)
    if found is None:
        return _renewed(path, here)
    if found.place is None or found.place.is_same(here):
        if found.place != here:
            _note_place(path, found, here)
        return found.id
    if not _is_copied(found, here):
        new_id = _renewed(path, here)
        tell_on_stderr(
            f"this data was moved here from {found.place.folder}: requests get a new installation id from now on"
        )
        return new_id
    left = journal.disown()  # first: killed before the id is new, the next run does both again
    new_id = _renewed(path, here)
    where = found.place.folder if found.place.machine == here.machine else "another machine"
    tell_on_stderr(
        f"this data is a copy of an installation's at {where}: it has an id of its own from now on{_left_alone(left)}"
    )
    return new_id


def known_id(home: Path) -> str | None:
    """Give the id that this place's requests are tagged with; None if there is none yet, or only the original's."""
    path = installation_file(home)
    found = read_installation(path)
    return found.id if found and not _is_copied(found, place_of(path.parent)) else None


def _renewed(path: Path, here: Place) -> str:
    if path.exists():
        log.warning("%s gets a new id; requests with the old one are found by the journal only", path)
    new = Installation(uuid.uuid4().hex, here)
    write_installation(path, new)
    return new.id


def _note_place(path: Path, found: Installation, here: Place) -> None:
    try:
        write_installation(path, Installation(found.id, here))
    except Unwritable as failure:  # what runs must be ended all the same
        log.warning("%s", failure)


def _is_copied(found: Installation, here: Place) -> bool:
    """Tell whether an id is another place's that may still use it: on another machine, or where the id still stands."""
    if found.place is None or found.place.is_same(here):
        return False
    if found.place.machine != here.machine:
        return True
    try:
        there = read_installation(Path(found.place.folder) / installation_file(Path()).name)
    except NotADirectoryError:
        return False
    except OSError:  # it is another user's, perhaps
        return True
    return there is not None and there.id == found.id


def _left_alone(entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    regions = ", ".join(sorted({entry.region for entry in entries}))
    return f"; {counted(len(entries), 'open probe')} of the original's journal, in {regions}, left alone"
