"""Every command of the documents is run, on a clone and a local AWS; what cannot be is listed here."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clone import clone_into
from tests.documents.examples import FOR_USERS, commands, text_of
from tests.program import ROOT
from tests.stand_in import StandIn

# What needs more than a copy of the repository, by what stands in it: the test that runs it.
RUN_ELSEWHERE = {
    "script/demo": "tests/whole_runs/test_demo.py",
    "script/test": ".ci/run",
    "script/install": "tests/test_scripts.py",
    "git pull": "tests/whole_runs/test_upgrade.py",
    "crontab.txt) | crontab -": "tests/whole_runs/test_cron.py",
    "systemctl --user ": "tests/test_systemd.py",
    "s3://": "tests/collect_sps_and_if/spotlake/find/test_s3.py",
    "python -m local_aws": "tests/local_aws/test_main.py",
}
# What no test runs, and why not.
NEVER_RUN = {
    "git clone ": "the address is the reader's",
    "cd ~": "a folder of the reader's",
    "crontab -e": "opens an editor on the reader's crontab",
    "loginctl ": "needs a systemd that is running, and a user logged in to it",
    "pip install": "needs the package registry, and changes the environment that runs the tests",
}
# There is no crontab here, nobody polls every ten minutes, and a few probes are too few for a model.
MAY_FIND_FAULT = ("check_setup", "python -m status", "examples.")

QUICK = {
    "fulfilment_seconds": [0, 1],
    "pending_seconds": [0, 1],
    "check_seconds": [0, 1],
    "check_interval_seconds": 0,
    "shutting_down_seconds": [0, 1],
    "capacity": 100,
}
SETTINGS = {
    "SPOT_TIMEOUT": "15",
    "SPOT_STATUS_INTERVAL": "0.5",
    "SPOT_REGIONS": "us-east-1 eu-west-1",
    "SPOT_INSTANCE_COUNT": "2",
}
GIT = ("git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")


def _is_run_here(command: str) -> bool:
    return not any(mark in command for mark in (*RUN_ELSEWHERE, *NEVER_RUN))


@pytest.mark.parametrize("mark", [*RUN_ELSEWHERE, *NEVER_RUN])
def test_what_is_not_run_here_is_still_shown_and_says_where_it_is_run(mark: str) -> None:
    assert any(mark in command for command in commands()), "no document has it any more"
    assert (ROOT / RUN_ELSEWHERE.get(mark, "")).exists()


@pytest.mark.parametrize("command", [one for one in commands() if not _is_run_here(one)])
def test_what_is_not_run_here_is_good_shell(command: str) -> None:
    checked = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    for file in re.findall(r"(?:^|\s)((?:script/|crontab\.txt|systemd/)[\w.]*)", command):
        assert (ROOT / file).exists(), file


@pytest.mark.whole_run
def test_every_command_does_what_it_says(aws: StandIn, tmp_path: Path) -> None:
    copy = clone_into(tmp_path)
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "A release"]):
        subprocess.run([*GIT, *words], cwd=copy, check=True, capture_output=True)
    archive = [sys.executable, "-m", "benchmarks.spotlake_archive", "spot_dataset/aws", "--days", "1", "--rows", "600"]
    subprocess.run(archive, cwd=copy, check=True, capture_output=True, timeout=60)
    environment = {**os.environ, **aws.environment, **SETTINGS, "SPOT_NOW": aws.control.now().isoformat()}
    aws.control.set_scenario(**QUICK, price_history_days=0.5)
    run = [command for command in commands() if _is_run_here(command)]
    assert len(run) > 12
    for command in run:
        ended = subprocess.run(
            shlex.split(command), cwd=copy, env=environment, capture_output=True, text=True, timeout=120
        )
        may_find_fault = any(mark in command for mark in MAY_FIND_FAULT)
        assert ended.returncode == 0 or may_find_fault, f"{command}: {ended.returncode}: {ended.stderr}"
        assert "Traceback" not in ended.stderr, command
    for made in ("report/index.html", "table.parquet", "instances.parquet", "published/datapackage.json"):
        assert (copy / made).exists()
    truth = aws.control.truth()
    assert (truth["living_instances"], truth["open_requests"]) == ([], [])
    changed = subprocess.run([*GIT, "status", "--porcelain"], cwd=copy, capture_output=True, text=True, check=True)
    assert changed.stdout == "", "git has something to say of what a command left"


def _mentions() -> set[tuple[str, str]]:
    """Give every mention of a program of ours with an option: its module or package, and the option."""
    found = set()
    documents = [*FOR_USERS, "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md"]
    for document in documents:
        for span in re.findall(r"`([^`\n]+)`|^\S*python (.*)$", text_of(document), re.MULTILINE):
            words = re.sub(r"^(\S*python )?(-m )?", "", "".join(span).partition("#")[0]).split()
            program = words[0].removesuffix(".py").replace("/", ".") if words else ""
            if re.match(r"[a-z_.]+$", program) and _source(program):
                found |= {(program, option) for option in re.findall(r"(?<=[\s\[])--[a-z-]+", " ".join(words))}
    return found


def _source(program: str) -> str:
    """Give the code of a program: a module, or a package with all in its folder; nothing where there is none."""
    path = ROOT.joinpath(*program.split("."))
    if not (path / "__main__.py").exists() and not path.with_suffix(".py").exists():
        return ""
    files = path.glob("*.py") if path.is_dir() else path.parent.glob("*.py")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_option_that_a_document_names_is_one_of_its_program() -> None:
    mentions = _mentions()
    assert len(mentions) > 20
    # Each of them has --help and --version.
    unknown = {
        one for one in mentions if one[1] not in ("--help", "--version") and f'"{one[1]}"' not in _source(one[0])
    }
    assert not unknown
