"""A run that finds an installation id: its own, one without a place, that of the folder it was moved from, a copy's."""

import os
import shutil
from pathlib import Path

import pytest

from collect_launch_time.folders import installation_file
from collect_launch_time.identity import claiming
from collect_launch_time.identity.claiming import claim, known_id
from collect_launch_time.identity.installation import Installation, read_installation
from collect_launch_time.identity.place import Machine, Place, place_of
from collect_launch_time.run_journal import RunJournal
from common.errors import Unwritable
from data_files.launches import journal
from data_files.launches.journal import Entry, new_token
from tests.collect_launch_time.fakes import REGION, TYPE, FakeClock, rows

HERE, ELSEWHERE = Machine("here", is_lasting=True), Machine("elsewhere", is_lasting=True)


class Installed:
    """A HOME on a machine."""

    def __init__(self, home: Path, machine: Machine = HERE) -> None:
        self.home = home
        self.machine = machine
        self.journal = RunJournal(home, FakeClock())

    @property
    def place(self) -> Place:
        path = installation_file(self.home)
        path.parent.mkdir(parents=True, exist_ok=True)
        return place_of(path.parent, self.machine)

    def claim(self) -> str:
        return claim(self.home, self.journal, self.place)

    def open_probe(self) -> Entry:
        entry = Entry(new_token(), REGION, TYPE, 2, request_ids=("sir-1", "sir-2"))
        self.journal.write(journal.INTENDED, entry)
        self.journal.write(journal.REQUESTED, entry)
        return entry

    @property
    def open_tokens(self) -> list[str]:
        return [entry.token for entry in self.journal.unclosed_entries()]

    def copied(self, name: str, machine: Machine = HERE) -> "Installed":
        return Installed(Path(shutil.copytree(self.home, self.home.with_name(name))), machine)

    def moved(self, name: str) -> "Installed":
        return Installed(self.home.rename(self.home.with_name(name)))


@pytest.fixture
def original(tmp_path: Path) -> Installed:
    installed = Installed(tmp_path / "original")
    installed.claim()
    return installed


def test_the_first_run_makes_an_id_and_later_ones_keep_it(
    original: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    first_line = installation_file(original.home).read_text().splitlines()[0]
    assert {original.claim(), original.claim()} == {first_line}
    assert len(first_line) == 32
    assert capsys.readouterr().err == ""


def test_a_copy_takes_an_id_of_its_own_says_so_once_and_disowns_the_original_s_probes(
    original: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    probe, before = original.open_probe(), original.claim()
    copy = original.copied("copy")
    assert copy.claim() != before
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert str(installation_file(original.home).parent) in told
    assert "1 open probe " in told
    assert REGION in told
    assert copy.open_tokens == []
    assert rows(copy.home, "spending") == []
    assert copy.claim() == copy.claim()
    assert capsys.readouterr().err == ""
    assert original.claim() == before
    assert original.open_tokens == [probe.token]


def test_a_folder_that_was_moved_keeps_its_probes(original: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    probe, before = original.open_probe(), original.claim()
    moved = original.moved("moved")
    assert moved.claim() != before
    assert moved.open_tokens == [probe.token]
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "moved here from" in told
    assert moved.claim() == moved.claim()
    assert capsys.readouterr().err == ""


def test_a_folder_from_another_machine_has_none_of_its_probes(
    original: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    before = original.claim()
    original.open_probe()
    # The same path on the other machine, and nothing of the original to be seen there.
    there = Installed(original.moved("for the journey").moved("original").home, ELSEWHERE)
    assert there.claim() != before
    assert there.open_tokens == []
    assert "another machine" in capsys.readouterr().err


def test_where_the_original_cannot_be_looked_at_it_may_be_in_use(
    original: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    original.open_probe()
    copy = original.copied("copy")

    def of_another_user(path: Path) -> Installation | None:
        if path == installation_file(original.home):
            raise PermissionError(path)
        return read_installation(path)

    monkeypatch.setattr(claiming, "read_installation", of_another_user)
    copy.claim()
    assert copy.open_tokens == []


def test_an_original_that_took_another_id_since_has_left_its_probes_to_this_folder(original: Installed) -> None:
    probe = original.open_probe()
    copy = original.copied("copy")
    shutil.rmtree(original.home)
    Installed(original.home).claim()
    copy.claim()
    assert copy.open_tokens == [probe.token]


def test_an_id_without_a_place_is_that_of_the_place_that_finds_it_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installed, old = Installed(tmp_path / "original"), "0123456789abcdef" * 2
    assert installed.place
    installation_file(installed.home).write_text(f"{old}\n")
    probe = installed.open_probe()
    assert known_id(installed.home) == old
    assert installed.claim() == old
    assert installed.open_tokens == [probe.token]
    assert installed.copied("copy").claim() != old
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("damage", [b"", b"\x00\xff", b"0123\n", b"no id at all\n{}\n"])
def test_a_damaged_file_costs_the_id_and_no_probe(original: Installed, damage: bytes) -> None:
    probe, before = original.open_probe(), original.claim()
    installation_file(original.home).write_bytes(damage)
    assert original.claim() != before
    assert original.open_tokens == [probe.token]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"machine": "x"}', "nonsense"])
def test_a_damaged_place_is_as_none(original: Installed, damage: str) -> None:
    before = original.claim()
    installation_file(original.home).write_text(f"{before}\n{damage}\n")
    assert original.claim() == before
    assert original.copied("copy").claim() != before


def test_what_cannot_be_written_changes_nothing_but_a_place_that_moved_with_its_container(
    original: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, probe = original.claim(), original.open_probe()
    copy = original.copied("copy")

    def no_room(*_: object) -> None:
        raise Unwritable("disk full")

    monkeypatch.setattr(claiming, "write_installation", no_room)
    with pytest.raises(Unwritable):
        copy.claim()
    original.machine = Machine("here", is_lasting=False)
    assert original.claim() == before
    assert original.open_tokens == [probe.token]
    monkeypatch.undo()
    assert copy.claim() != before


def test_killed_at_any_step_no_id_is_lost_and_the_next_run_finishes_the_claim(original: Installed) -> None:
    before = original.claim()
    original.open_probe()
    for step in range(1, 30):
        copy = original.copied(f"copy {step}")
        child = os.fork()
        if child == 0:
            from tests.program import dies_at_disk_step

            dies_at_disk_step(step)()
            copy.claim()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        new = copy.claim()
        assert len(new) == 32
        assert new != before
        assert copy.open_tokens == []
        if status == 0:
            return
    raise AssertionError("a claim takes less than 30 steps to the disk")


def test_who_only_asks_gets_the_id_of_this_place_or_of_where_it_was_moved_from(tmp_path: Path) -> None:
    installed = Installed(tmp_path / "original")
    assert known_id(installed.home) is None
    own_id = claim(installed.home, installed.journal)  # on this very machine, container or not
    assert known_id(installed.home) == own_id
    copy = installed.copied("copy")
    assert known_id(copy.home) is None
    assert known_id(installed.moved("moved").home) == own_id
    assert not installed.home.exists()
