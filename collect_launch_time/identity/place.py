"""Which folder of which machine this is: what tells an installation from a copy of it."""

import contextlib
import hashlib
import hmac
import os
import platform
import re
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

# machine-id(5): the id is confidential, and must not be used as it is where others may read it.
_APPLICATION = b"spot-collector: which machine is this"
_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_MACHINE_ID = re.compile(r"[0-9a-f]{32}")
# Never a variable: cron's programs do not have those that a shell in the same container has.
_MARKS_OF_CONTAINERS = (Path("/.dockerenv"), Path("/run/.containerenv"))
_MOUNTS = Path("/proc/self/mountinfo")
_ROOT_OF_AN_IMAGE = re.compile(r"^\S+ \S+ \S+ \S+ / .* - (?:fuse-)?overlay(?:fs)? ", re.MULTILINE)
_PLATFORM_UUID = re.compile(r'"IOPlatformUUID" = "([0-9A-Fa-f-]{36})"')
_IOREG_SECONDS = 10


@dataclass(frozen=True)
class Machine:
    """A machine, by a hash that tells nothing else of it; or a container, which may be another one at each run."""

    name: str
    is_lasting: bool  # False: it may come again under another name, or another under the same one


@dataclass(frozen=True)
class Place:
    """A folder of a machine.

    A lasting machine's folder goes by its path: that stays when the disk is replaced, or a backup put back. In a
    container the folder goes by its file system and inode: its path and whatever names the container may be the same in
    many, and one volume is mounted now here, now there.
    """

    machine: str
    is_lasting: bool  # the machine
    folder: str
    inode: str

    def is_same(self, other: "Place") -> bool:
        """Tell whether another is this place, perhaps by another path or in another container."""
        if not (self.is_lasting and other.is_lasting):
            return self.inode == other.inode
        return self.machine == other.machine and (self.folder == other.folder or _is_one_folder(self, other))


def place_of(folder: Path, machine: Machine | None = None) -> Place:
    """Give the place of a folder that exists; of this machine, unless a test says which."""
    machine = machine or this_machine()
    resolved = folder.resolve()
    inode = f"{os.statvfs(resolved).f_fsid:x}:{resolved.stat().st_ino}"
    return Place(machine.name, machine.is_lasting, str(resolved), inode)


def this_machine() -> Machine:
    """Tell which machine this is. Its own id is hashed: it is a secret of the machine's."""
    own_id = _machine_id() or _platform_uuid()
    if own_id and not _is_container():
        return Machine(_hashed(own_id), is_lasting=True)
    # The images of containers, and machines without an id, may share whatever they have.
    return Machine(_hashed(f"{own_id} {socket.gethostname()}"), is_lasting=False)


def _machine_id() -> str:
    for path in _MACHINE_IDS:
        with contextlib.suppress(OSError):
            text = path.read_text(errors="replace").strip()
            if _MACHINE_ID.fullmatch(text):  # "uninitialized" during the first boot
                return text
    return ""


def _platform_uuid() -> str:
    if platform.system() != "Darwin":
        return ""
    command = ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(command, capture_output=True, text=True, timeout=_IOREG_SECONDS, check=False)  # noqa: S603
        if found := _PLATFORM_UUID.search(done.stdout):
            return found[1]
    return ""


def _is_container() -> bool:
    with contextlib.suppress(OSError):
        if _ROOT_OF_AN_IMAGE.search(_MOUNTS.read_text(errors="replace")):
            return True
    return any(mark.exists() for mark in _MARKS_OF_CONTAINERS)


def _hashed(own_id: str) -> str:
    return hmac.new(own_id.encode(), _APPLICATION, hashlib.sha256).hexdigest()


def _is_one_folder(one: Place, other: Place) -> bool:
    """Tell whether two paths of this machine lead to one folder, as a bind mount does."""
    try:
        return os.path.samefile(one.folder, other.folder)
    except OSError:
        return False
