"""crontab.txt: one line to edit, and jobs that are ours."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CRONTAB = Path(__file__).resolve().parent.parent / "crontab.txt"
JOB = re.compile(r'(\S+ \S+ \* \* \*)\s+cd "\$SPOT" && \.venv/bin/python -m (\S+)')


def jobs() -> dict[str, str]:
    lines = CRONTAB.read_text().splitlines()[1:]
    found = [JOB.fullmatch(line) for line in lines if line and not line.startswith("#")]
    assert all(found)
    return {job[2]: job[1] for job in found if job}


def test_the_first_line_is_the_one_to_edit() -> None:
    first, *others = CRONTAB.read_text().splitlines()
    assert re.fullmatch(r"SPOT=/\S+", first)
    assert not any(line.startswith("SPOT=") for line in others)


def test_polls_and_probes_start_every_ten_minutes_prices_hourly_and_the_nights_work_around_midnight() -> None:
    assert jobs() == {
        "collect_sps_and_if": "0,10,20,30,40,50 * * * *",
        "collect_launch_time": "0,10,20,30,40,50 * * * *",
        "collect_spot_price": "5 * * * *",
        "collect_sps_and_if.daily_score": "55 23 * * *",
        "report": "15 0 * * *",
    }


def test_every_job_is_a_program_of_ours() -> None:
    for module in jobs():
        spec = importlib.util.find_spec(module)
        assert spec is not None
        if spec.submodule_search_locations:
            assert importlib.util.find_spec(f"{module}.__main__")


@pytest.mark.skipif(not shutil.which("crontab"), reason="no cron on this machine: apt-get install cron")
def test_cron_itself_accepts_it() -> None:
    with CRONTAB.open() as crontab:
        checked = subprocess.run(["crontab", "-n", "-"], stdin=crontab, capture_output=True, text=True, check=False)
    if "usage" in checked.stderr:
        pytest.skip("this cron cannot check a file without installing it")
    assert checked.returncode == 0, checked.stderr
