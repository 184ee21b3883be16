"""Every command of the README is run, in its order, on a copy of the repository and a local AWS."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analysis.health.collected_home import NOW, write_healthy
from tests.clone import clone_into
from tests.program import ROOT
from tests.stand_in import StandIn

README = (ROOT / "README.md").read_text(encoding="utf-8")

# What is no command of ours, or needs more than a copy of the repository: the test that runs it.
ELSEWHERE = {
    "script/demo": "tests/whole_runs/test_demo.py",
    "script/test": ".ci/run",
    "script/install": "tests/test_scripts.py",
    "crontab.txt) | crontab -": "tests/whole_runs/test_cron.py",
    "systemctl --user ": "tests/test_systemd.py",
    "loginctl ": "tests/test_systemd.py",
    "git pull && ": "tests/whole_runs/test_upgrade.py",
    "s3://": "tests/collect_sps_and_if/spotlake/find/test_s3.py",
    "python -m local_aws": "tests/local_aws/test_main.py",
}
NOT_OURS = ("git clone ", "cd ", "crontab -e")

QUICK = {
    "fulfilment_seconds": [0, 1],
    "pending_seconds": [0, 1],
    "check_seconds": [0, 1],
    "check_interval_seconds": 0,
    "shutting_down_seconds": [0, 1],
    "capacity": 100,
}


def _commands() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def test_every_command_that_is_not_run_here_is_run_elsewhere() -> None:
    for command in _commands():
        for mark, place in ELSEWHERE.items():
            if mark in command:
                assert (ROOT / place).exists(), place


@pytest.mark.whole_run
def test_every_command_does_what_it_says(aws: StandIn, tmp_path: Path) -> None:
    copy = clone_into(tmp_path)
    archive = [sys.executable, "-m", "benchmarks.spotlake_archive", "spot_dataset/aws", "--days", "1", "--rows", "600"]
    subprocess.run(archive, cwd=copy, check=True, capture_output=True, timeout=60)
    environment = {**os.environ, **aws.environment, "SPOT_TIMEOUT": "15", "SPOT_STATUS_INTERVAL": "0.5"}
    environment |= {
        "SPOT_REGIONS": "us-east-1 eu-west-1",
        "SPOT_INSTANCE_COUNT": "2",
        "SPOT_NOW": aws.control.now().isoformat(),
    }
    aws.control.set_scenario(**QUICK, price_history_days=0.5)
    run = [
        line for line in _commands() if not line.startswith(NOT_OURS) and not any(mark in line for mark in ELSEWHERE)
    ]
    assert len(run) > 12
    for command in run:
        words = shlex.split(command)
        ended = subprocess.run(words, cwd=copy, env=environment, capture_output=True, text=True, timeout=120)
        # There is no crontab here, two probes are too few for a model, and nobody polls every ten minutes.
        may_find_fault = any(one in command for one in ("check_setup", "examples.", "python -m status"))
        assert ended.returncode == 0 or may_find_fault, f"{command}: {ended.returncode}: {ended.stderr}"
        assert "Traceback" not in ended.stderr, command
    assert (copy / "report" / "index.html").exists()
    assert (copy / "table.parquet").exists()
    truth = aws.control.truth()
    assert (truth["living_instances"], truth["open_requests"]) == ([], [])


@pytest.mark.whole_run
def test_status_in_a_prompt_in_cron_and_in_a_check_tells_healthy_from_not(tmp_path: Path) -> None:
    (tmp_path / "spot").symlink_to(ROOT)
    prompt, check = re.findall(r"^```bash\n(.*?)\n```", README, re.MULTILINE | re.DOTALL)
    (line,) = re.findall(r"^```crontab\n\S+ \S+ \S+ \S+ \S+ +(.*?)\n```", README, re.MULTILINE)
    healthy, none = write_healthy(tmp_path / "healthy"), tmp_path / "none"
    environment = {**os.environ, "HOME": str(tmp_path), "SPOT": str(ROOT), "TZ": "UTC", "SPOT_NOW": NOW.isoformat()}

    def said(script: str, home: Path) -> tuple[int, str]:
        ended = subprocess.run(
            ["bash", "-c", script], env={**environment, "SPOT_HOME": str(home)}, capture_output=True, text=True
        )
        return ended.returncode, ended.stdout

    shown = f'PS1="$ "; {prompt}; echo "${{PS1@P}}"'
    assert [said(shown, home)[1] for home in (healthy, none)] == ["$ \n", "spot! $ \n"]
    assert [bool(said(line, home)[1]) for home in (healthy, none)] == [False, True]
    if shutil.which("jq"):
        assert [said(check, home)[0] for home in (healthy, none)] == [0, 1]


@pytest.mark.parametrize("example", re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
def test_every_example_of_settings_is_taken(tmp_path: Path, example: str) -> None:
    (tmp_path / "spot.toml").write_text(example)
    environment = {**os.environ, "SPOT_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "import configs; print(configs.REGIONS)"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr) == ("('us-east-1', 'eu-west-1')\n", "")


@pytest.mark.parametrize("snippet", re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL))
def test_every_snippet_reads_the_files(tmp_path: Path, snippet: str) -> None:
    folder = tmp_path / "collect_sps_and_if" / "data" / "sps_and_if"
    folder.mkdir(parents=True)
    (folder / "2026-03-01.csv").write_text(
        "time,region,instance,sps,if,outcome\n"
        "2026-03-01T00:00:00+00:00,eu-west-1,m5.large,3,1,ok\n"
        "2026-03-01T00:00:00+00:00,us-east-1,m5.large,,,failed\n"
    )
    ended = subprocess.run([sys.executable, "-c", snippet], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert "m5.large" in ended.stdout


def test_every_picture_and_page_it_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_it_names_every_setting_of_the_mail_and_every_file_of_the_contract() -> None:
    for name in (
        "polls.csv",
        "init_score.csv",
        "configurations/",
        "journal/",
        "spending/",
        "instances/",
        "plan/",
        "score/",
    ):
        assert name in README


def test_the_data_dictionary_is_the_programs_own() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "collect_launch_time.dataset", "--columns"], cwd=ROOT, capture_output=True, text=True
    )
    tables = [part.strip() for part in ended.stdout.split("\n\n") if part.startswith("|")]
    assert len(tables) == 2
    assert all(table in README for table in tables)


def test_the_stand_in_prints_lines_to_paste() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "local_aws", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(5)]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert all(re.fullmatch(r"export \w+=\S+\n", line) for line in lines)
