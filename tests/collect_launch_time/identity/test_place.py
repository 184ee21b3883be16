"""Which folder of which machine: what stays the same place, and what does not."""

import os
import shutil
from pathlib import Path

import pytest

from collect_launch_time.identity import place
from collect_launch_time.identity.place import Machine, Place, place_of, this_machine

HERE, ELSEWHERE = Machine("here", is_lasting=True), Machine("elsewhere", is_lasting=True)
CONTAINER, RECREATED = Machine("a container", is_lasting=False), Machine("the next container", is_lasting=False)
OWN_ID = "0123456789abcdef" * 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    return path


def test_a_machine_s_folder_is_the_same_while_its_path_is(folder: Path) -> None:
    before = place_of(folder, HERE)
    folder.rename(folder.with_name("old"))
    folder.mkdir()  # as a backup is put back
    assert place_of(folder, HERE).is_same(before)
    assert not place_of(folder.with_name("old"), HERE).is_same(before)
    assert not place_of(folder, ELSEWHERE).is_same(before)


def test_another_path_to_the_same_folder_is_no_other_place(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)
    assert place_of(folder.parent / "link", HERE) == place_of(folder, HERE)
    by_a_bind_mount = Place(HERE.name, True, str(folder.parent / "link"), "another")
    assert by_a_bind_mount.is_same(place_of(folder, HERE))


def test_a_container_s_folder_is_the_same_in_the_next_container_and_a_copy_of_it_is_not(folder: Path) -> None:
    before = place_of(folder, CONTAINER)
    copy = Path(shutil.copytree(folder, folder.with_name("copy")))
    moved = folder.rename(folder.with_name("mounted elsewhere"))
    assert place_of(moved, RECREATED).is_same(before)
    assert not place_of(copy, CONTAINER).is_same(before)
    copy.rename(folder)
    assert not place_of(folder, CONTAINER).is_same(before)


@pytest.fixture
def machine_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose files say nothing of it yet."""
    monkeypatch.setattr(place, "_MACHINE_IDS", (tmp_path / "machine-id", tmp_path / "dbus"))
    monkeypatch.setattr(place, "_MARKS_OF_CONTAINERS", (tmp_path / "dockerenv",))
    monkeypatch.setattr(place, "_MOUNTS", tmp_path / "mountinfo")
    (tmp_path / "mountinfo").write_text("25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n")
    return tmp_path


def test_the_machine_s_own_id_is_never_told(machine_files: Path) -> None:
    (machine_files / "machine-id").write_text(f"{OWN_ID}\n")
    machine = this_machine()
    assert machine.is_lasting
    assert OWN_ID not in machine.name
    assert machine == this_machine()
    (machine_files / "machine-id").write_text(f"{OWN_ID[::-1]}\n")
    assert this_machine().name != machine.name


@pytest.mark.parametrize("text", [None, "", "uninitialized\n", OWN_ID[:-1]])
def test_a_machine_without_an_id_of_its_own_is_no_lasting_one(machine_files: Path, text: str | None) -> None:
    if text is not None:
        (machine_files / "machine-id").write_text(text)
    assert not this_machine().is_lasting
    (machine_files / "dbus").write_text(f"{OWN_ID}\n")
    assert this_machine().is_lasting


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("dockerenv", ""),
        ("mountinfo", "1 2 0:3 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b,upperdir=/c\n"),
        ("mountinfo", "1 2 0:3 / / rw,relatime master:5 - fuse-overlayfs fuse-overlayfs rw\n"),
    ],
)
def test_an_id_that_came_with_a_container_s_image_may_be_that_of_many(
    machine_files: Path, file: str, text: str
) -> None:
    (machine_files / "machine-id").write_text(f"{OWN_ID}\n")
    (machine_files / file).write_text(text)
    assert not this_machine().is_lasting


def test_containers_of_one_image_differ_by_their_names(machine_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine_files / "machine-id").write_text(f"{OWN_ID}\n")
    (machine_files / "dockerenv").touch()
    names = set()
    for host in ("one", "two"):
        monkeypatch.setattr("socket.gethostname", lambda host=host: host)
        names.add(this_machine().name)
    assert len(names) == 2


def test_this_machine_has_the_same_name_each_time(folder: Path) -> None:
    assert place_of(folder) == place_of(folder)
    assert len(place_of(folder).machine) == 64
    assert str(os.stat(folder).st_ino) in place_of(folder).inode
