"""Both commands, run as a user runs them, against the local AWS; what they write goes into a copy of the tree."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from instance_arch_and_ami_id import FAMILY_ARCH, IMAGE_ID
from tests.stand_in import REPOSITORY, StandIn

pytestmark = pytest.mark.whole_run

FAMILY = "instance_arch_and_ami_id/get_family_arch.py"
AMI = "instance_arch_and_ami_id/get_ami_id.py"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the commands need of the repository, to be written to."""
    root = tmp_path / "clone"
    for folder in ("common", "data_files", "instance_arch_and_ami_id"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "log"))
    shutil.copy(REPOSITORY / "configs.py", root)
    return root


def run(aws: StandIn, *command: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=os.environ | aws.environment | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def collected(clone: Path) -> Path:
    return clone / "instance_arch_and_ami_id" / "data"


def assigned(python: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    exec(python, values)
    return values


def test_run_by_its_path_from_anywhere_it_prints_what_the_regions_say(
    aws: StandIn, clone: Path, tmp_path: Path
) -> None:
    done = run(aws, str(clone / AMI), cwd=tmp_path)
    assert done.returncode == 0
    printed = assigned(done.stdout)
    asked = {region: IMAGE_ID[region] for region in printed["IMAGE_ID"]}
    assert printed["IMAGE_ID"] == asked
    assert len(asked) == 20
    assert list(asked) == sorted(asked)
    assert "in 20 Regions of http://127.0.0.1" in printed["IMAGE_ID_SOURCE"]
    assert "ap-east-1" in done.stderr, "a Region that is not enabled is named"
    assert "not enabled for this account" in done.stderr
    assert not collected(clone).exists()


def test_run_as_a_module_it_writes_the_file_and_keeps_the_other_table(aws: StandIn, clone: Path) -> None:
    collected(clone).mkdir(parents=True)
    (collected(clone) / "tables.py").write_text(f"IMAGE_ID = {dict(IMAGE_ID)!r}\n")
    shipped = [path.read_bytes() for path in sorted((clone / "instance_arch_and_ami_id").glob("*.py"))]
    done = run(
        aws, "-m", "instance_arch_and_ami_id.get_family_arch", "--write", cwd=clone, SPOT_REGIONS="eu-south-1,us-east-1"
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert [path.read_bytes() for path in sorted((clone / "instance_arch_and_ami_id").glob("*.py"))] == shipped
    written = assigned((collected(clone) / "tables.py").read_text())
    assert written["IMAGE_ID"] == IMAGE_ID
    assert written["FAMILY_ARCH"] == {family: FAMILY_ARCH[family] for family in written["FAMILY_ARCH"]}
    assert len(written["FAMILY_ARCH"]) > 100
    assert written["FAMILY_ARCH"]["t2"] == "x86_64", "its small types list i386 too"
    assert any(line.startswith("mac1: ") for line in written["FAMILY_ARCH_LEFT_OUT"])
    assert "mac1" in done.stderr
    vcpus = assigned((collected(clone) / "vcpus.py").read_text())["VCPUS"]
    assert (vcpus["m5"]["large"], vcpus["t2"]["nano"], vcpus["m5"]["metal"]) == (2, 1, 96)


def test_one_region_without_an_answer_leaves_the_file_untouched_and_is_named(aws: StandIn, clone: Path) -> None:
    aws.control.set_faults({"kind": "garbage", "action": "GetParameter", "region": "eu-west-3"})
    done = run(aws, str(clone / AMI), "--write", cwd=clone)
    assert done.returncode == 1
    assert "no answer from 1 of 20 Regions (eu-west-3)" in done.stderr
    assert "REGIONS in spot.toml may leave them out" in done.stderr
    assert "Traceback" not in done.stderr
    assert not collected(clone).exists()


def test_throttling_and_lost_answers_are_survived(aws: StandIn, clone: Path) -> None:
    aws.control.set_faults(
        {"kind": "throttle", "action": "GetParameter", "probability": 0.2},
        {"kind": "reset", "action": "DescribeRegions", "limit": 1},
    )
    done = run(aws, str(clone / AMI), cwd=clone, SPOT_REGIONS="us-east-1 eu-west-1 eu-west-2")
    assert done.returncode == 0
    assert set(assigned(done.stdout)["IMAGE_ID"]) == {"us-east-1", "eu-west-1", "eu-west-2"}


def test_no_region_left_to_ask_is_refused(aws: StandIn, clone: Path) -> None:
    done = run(aws, str(clone / AMI), cwd=clone, SPOT_REGIONS="ap-east-1 me-south-1")
    assert done.returncode == 2
    assert "ap-east-1, me-south-1" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", [FAMILY, AMI])
def test_a_typing_error_in_an_argument_is_refused(aws: StandIn, clone: Path, command: str) -> None:
    done = run(aws, str(clone / command), "--wirte", cwd=clone)
    assert done.returncode == 2
    assert "--wirte" in done.stderr
