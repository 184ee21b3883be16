"""Refused pairs: what AWS can never grant, a type in a Region or all types in it."""

from datetime import datetime
from pathlib import Path

from data_files.launches.refused_pairs import FILES, RefusedPair, refused
from tests.data_files.odd_cells import DAY

TIME = datetime.fromisoformat("2026-03-01T12:01:03.500+09:00")
PAIR = RefusedPair(TIME, "us-east-1", "a1.large", "Unsupported", "Unsupported: not, with this AMI")
REGION = RefusedPair(TIME, "eu-west-1", None, "VPCIdNotSpecified", "VPCIdNotSpecified: No default VPC")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    FILES.append(FILES.path(tmp_path, DAY), [PAIR, REGION])
    assert refused(tmp_path, DAY) == [PAIR, REGION]


def test_another_day_and_a_file_that_cannot_be_read_refuse_nothing(tmp_path: Path) -> None:
    assert refused(tmp_path, DAY) == []
    FILES.path(tmp_path, DAY).mkdir(parents=True)
    assert refused(tmp_path, DAY) == []
