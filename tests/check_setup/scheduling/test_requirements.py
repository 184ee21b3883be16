"""The requirements are read from requirements.txt, bounds and all."""

import sys
from pathlib import Path

import pytest

from check_setup.finding import State
from check_setup.scheduling import requirements
from check_setup.scheduling.requirements import check_requirements, lacking_in, read_requirements


def test_names_extras_bounds_comments_and_markers_are_told_apart() -> None:
    text = (
        "# what\n-r other.txt\nmoto[ec2,ssm]>=5.2,<6   # why\ntqdm\nvl-convert-python >= 1.7; python_version<'3.14'\n"
    )
    assert [(one.name, one.bounds) for one in read_requirements(text)] == [
        ("moto", ((">=", "5.2"), ("<", "6"))),
        ("tqdm", ()),
        ("vl-convert-python", ((">=", "1.7"),)),
    ]


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        ("5.2", None),
        ("5.2.0", None),
        ("5.10.1", None),
        ("5.2.5rc1", None),
        ("5.1.9", "moto >=5.2 (it has 5.1.9)"),
        ("6", "moto <6 (it has 6)"),
        (None, "moto"),
    ],
)
def test_a_version_out_of_bounds_is_a_fault_in_words(version: str | None, fault: str | None) -> None:
    (moto,) = read_requirements("moto>=5.2,<6")
    assert moto.fault_of(version) == fault


def test_the_python_that_runs_the_tests_has_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert lacking_in(Path(sys.executable)) == []
    (fine,) = check_requirements()
    assert fine.state is State.FINE
    monkeypatch.setattr(requirements, "REQUIREMENTS", tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("no_such_thing>=1\nPyTest>=9000\n")
    (found,) = check_requirements()
    assert found.state is State.TO_DO
    assert "lacks no_such_thing, PyTest >=9000" in found.text
    assert "script/install" in found.text
