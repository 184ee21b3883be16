import re
import subprocess
from pathlib import Path

import pytest

from tests.clone import clone_into


@pytest.mark.whole_run
def test_the_demo_runs_the_whole_job_and_says_where_to_look(tmp_path: Path) -> None:
    copy = clone_into(tmp_path)
    # Its own environment: whatever account, proxy or setting the user has is none of the demo's business.
    ended = subprocess.run(["script/demo", "--polls", "6"], cwd=copy, capture_output=True, text=True, timeout=400)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    assert "left running: 0 instances; open: 0 requests" in ended.stdout
    assert "missing" not in ended.stdout
    assert re.search(r"^Spot collection, .*: healthy$", ended.stdout, re.MULTILINE), "no false alarm at its end"
    for path in re.findall(r"^  (demo_output/\S+)", ended.stdout, re.MULTILINE):
        assert (copy / path).exists(), path
    assert len(list((copy / "demo_output" / "mail").glob("*.eml"))) == 1
    assert (copy / "demo_output" / "report" / "index.html").stat().st_size < 10_000_000
