"""The file with this installation's id, and the place that the id was made for."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from collect_launch_time.identity.place import Place
from common.files import durable_file

_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Installation:
    """An id, by which requests are tagged; place None: it was written by a version that knew none."""

    id: str
    place: Place | None


def read_installation(path: Path) -> Installation | None:
    """Read the file; None if there is none, or it holds no id. Raises OSError if it cannot be read."""
    try:
        first, *more = path.read_text(errors="replace").splitlines() or [""]
    except FileNotFoundError:
        return None
    if not _ID.fullmatch(first.strip()):
        return None
    return Installation(first.strip(), _place("\n".join(more)))


def write_installation(path: Path, installation: Installation) -> None:
    """Put an id and its place into the file, whole or not at all; the id has the first line. Raises Unwritable."""
    place = installation.place
    described = json.dumps(vars(place)) + "\n" if place else ""
    durable_file.replace(path, f"{installation.id}\n{described}")


def _place(text: str) -> Place | None:
    try:
        described = json.loads(text)
        machine, folder, inode = (str(described[name]) for name in ("machine", "folder", "inode"))
        return Place(machine, described["is_lasting"] is True, folder, inode)
    except (ValueError, LookupError, TypeError):
        return None
