"""Each table says whether it shipped or was collected here, and from whom."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from check_setup.stored_tables import check_stored_tables
from data_files.instance_tables import TABLES, Table, write_table


def test_where_a_table_comes_from_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("configs.HOME", tmp_path)
    today = datetime.now(UTC).astimezone().date().isoformat()
    rows = {"us-east-1": {"x86_64": "ami-1"}}
    table = Table("IMAGE_ID", today, "ssm:GetParameter in 1 Regions of AWS", {}, rows)
    write_table(TABLES.collected(tmp_path), TABLES, table, tmp_path / "lock")
    found = {finding.what: finding.text for finding in check_stored_tables()}
    assert found["IMAGE_ID"].startswith("1 rows, collected here 0 days ago from AWS")
    assert "shipped with this version" in found["VCPUS"]
    assert "from the local AWS" in found["VCPUS"]
