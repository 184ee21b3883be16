"""What a user types, edits and reads: commands, settings, files."""

import csv
import io
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

import configs
from common.version import VERSION
from data_files.csv_table import DatedFiles
from data_files.market import standing_queries
from tests.data_files.every_table import all_tables
from tests.program import ROOT

COMMANDS = [
    ("-m", "collect_sps_and_if"),
    ("-m", "collect_sps_and_if.daily_score"),
    ("-m", "collect_sps_and_if.score_by_spotlake_data"),
    ("collect_sps_and_if/score_by_spotlake_data.py",),
    ("-m", "collect_launch_time"),
    ("-m", "collect_spot_price"),
    ("-m", "collect_launch_time.dataset"),
    ("instance_arch_and_ami_id/get_family_arch.py",),
    ("instance_arch_and_ami_id/get_ami_id.py",),
    ("-m", "local_aws"),
    ("-m", "check_setup"),
    ("-m", "report"),
    ("-m", "advise"),
    ("-m", "status"),
]

SETTINGS = {
    "HOME": ROOT,
    "HEARTBEAT_URL": "",
    "NOTIFY_URLS": (),
    "KEEP_PLAIN_DAYS": 30,
    "WATCH_TYPES": (),
    "SPS_AND_IF_TOP_K": 30,
    "SAMPLE_COUNT": 10,
    "SPS_CONFIGURATION_LIMIT": 50,
    "SPS_REGION": "us-east-1",
    "LAUNCH_TOP_K": 2,
    "LAUNCH_SAMPLE_COUNT": 1,
    "INSTANCE_COUNT": 10,
    "TIMEOUT": 600,
    "STATUS_INTERVAL": 3,
    "LAUNCH_DAILY_BUDGET_USD": 5.0,
    "LAUNCH_SUBNETS": {},
    "LAUNCH_SECURITY_GROUPS": {},
    "ADVISOR_URL": "https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json",
    "REGIONS": (),
}

COLUMNS = {
    "collect_sps_and_if/data/sps_and_if/2026-03-01.csv": "time,region,instance,sps,if,outcome,target_capacity",
    "collect_sps_and_if/data/standing_scores/2026-03-01.csv": "time,name,region,az,sps,outcome",
    "collect_sps_and_if/data/score/2026-03-01.csv": "region,instance,sps_changes,if_changes,score",
    "collect_sps_and_if/data/init_score.csv": "region,instance,sps_changes,if_changes,score",
    "collect_sps_and_if/data/plan/2026-03-01.csv": "instance,regions,origin,probability",
    "collect_sps_and_if/data/configurations/2026-03-01.csv": "time,endpoint_region,instance,regions,target_capacity,"
    "scope",
    "collect_sps_and_if/data/standing_definitions.csv": "time,name,instances,regions,target_capacity,scope",
    "collect_sps_and_if/data/interruption_frequency/2026-03-01.csv": "time,region,instance,if,savings",
    "collect_sps_and_if/data/polls.csv": "time,queries,failed,rows,seconds,refused,waiting",
    "collect_sps_and_if/data/settings.csv": "time,name,in_force",
    "collect_sps_and_if/data/report/mailed.csv": "time,date,message_id,recipients",
    "notify/data/notices.csv": "time,thing",
    "collect_spot_price/data/2026-03-01.csv": "time,region,az,instance,usd",
    "collect_spot_price/data/fetched.csv": "region,instance,fetched_until",
    "collect_launch_time/data/2026-03-01.csv": "region,instance,instance_count,request_time,current_time,"
    "ready_instances,fulfilled_instances,running_instances",
    "collect_launch_time/data/instances/2026-03-01.csv": "request_id,instance_id,region,az,instance,request_time,"
    "fulfilled_time,running_time,not_ready_time,ready_time,outcome,not_fulfilled_time,not_running_time,"
    "aws_request_time,aws_fulfilled_time,aws_launch_time,cause,reason",
    "collect_launch_time/data/probes/2026-03-01.csv": "request_time,region,instance,instance_count,origin,probability,"
    "until,timeout,status_interval,end_time,ended",
    "collect_launch_time/data/selection/2026-03-01.csv": "client_token,request_time,region,instance,instance_count,"
    "origin,probability,until,timeout,status_interval",
    "collect_launch_time/data/journal/2026-03-01.csv": "time,event,client_token,region,instance,instance_count,"
    "request_ids,instance_ids",
    "collect_launch_time/data/spending/2026-03-01.csv": "time,region,instance,instances,seconds,usd,"
    "volumes_usd,addresses_usd",
    "collect_launch_time/data/refused_pairs/2026-03-01.csv": "time,region,instance,code,reason",
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_answers_help(command: tuple[str, ...]) -> None:
    ended = subprocess.run([sys.executable, *command, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("usage:")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_tells_the_one_version(command: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, *command, "--version"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout) == (0, f"spot-collector {VERSION}\n")


def test_every_program_has_a_time_limit_but_those_that_read_whole_histories() -> None:
    folders = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "benchmarks")]
    programs = {path: path.read_text() for folder in folders for path in folder.rglob("*.py")}
    without = {
        str(path.relative_to(ROOT))
        for path, text in programs.items()
        if "\n    leave(main)\n" in text and not re.search(r"\btime_limit\(|\b_COMMAND\.run\(", text)
    }
    assert without == {
        "collect_launch_time/dataset/__main__.py",
        "collect_sps_and_if/score_by_spotlake_data.py",
        "report/__main__.py",
    }


def test_the_project_and_the_changelog_tell_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert project["version"] == VERSION
    assert newest[1] == VERSION.partition(".dev")[0]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_refuses_an_argument_it_does_not_know_in_one_line(command: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, *command, "--no-such-thing"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "--no-such-thing" in ended.stderr.splitlines()[-1]
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [one for one in COMMANDS if "local_aws" not in one], ids=" ".join)
def test_every_command_refuses_a_senseless_setting_in_one_line(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPOT_TIMEOUT", "soon")
    ended = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "SPOT_TIMEOUT (environment) is 'soon'" in ended.stderr


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_its_default(name: str) -> None:
    assert getattr(configs, name) == SETTINGS[name]


def test_the_mail_settings_are_gathered() -> None:
    smtp = configs.SMTPConfigs()
    assert (smtp.SMTP_HOST, smtp.SMTP_PORT, smtp.SMTP_SENDER, smtp.SMTP_RECIPIENTS) == ("smtp.gmail.com", 587, "", ())


@pytest.mark.parametrize(
    ("instance", "is_wanted"),
    [
        ("t3.nano", True),
        ("m5.4xlarge", True),
        ("u7i-12tb.large", True),
        ("m5.8xlarge", False),
        ("m5.metal", False),
        ("m7i.metal-24xl", False),
        ("m5.12xlarge", False),
    ],
)
def test_the_default_pattern_leaves_out_metal_and_the_largest_sizes(instance: str, is_wanted: bool) -> None:
    assert bool(configs.INSTANCE_PATTERN.fullmatch(instance)) == is_wanted


def test_every_file_lies_where_it_is_expected_and_has_its_columns() -> None:
    home, day = Path("/home/of/spot"), date(2026, 3, 1)
    found = {}
    for table in all_tables():
        path = table.path(home, day) if isinstance(table, DatedFiles) else table.path(home)
        found[str(path.relative_to(home))] = ",".join(table.header)
    assert found == COLUMNS


def _crontab() -> list[str]:
    return (ROOT / "crontab.txt").read_text(encoding="utf-8").splitlines()


def test_the_crontab_begins_with_the_one_thing_to_edit() -> None:
    assert re.fullmatch(r"SPOT=/\S+", _crontab()[0])
    assert _crontab()[-1] == "" or (ROOT / "crontab.txt").read_bytes().endswith(b"\n")


def test_the_crontab_runs_the_polls_the_probe_the_prices_the_nights_work_and_the_page() -> None:
    lines = [line.split(None, 5) for line in _crontab() if line and line[0].isdigit()]
    jobs = {(" ".join(line[:5]), line[5]) for line in lines}
    venv = 'cd "$SPOT" && .venv/bin/python -m '
    assert jobs == {
        ("0,10,20,30,40,50 * * * *", f"{venv}collect_sps_and_if"),
        ("0,10,20,30,40,50 * * * *", f"{venv}collect_launch_time"),
        ("5 * * * *", f"{venv}collect_spot_price"),
        ("55 23 * * *", f"{venv}collect_sps_and_if.daily_score"),
        ("15 0 * * *", f"{venv}report"),
    }


def test_the_committed_credential_file_holds_no_password() -> None:
    lines = (ROOT / "credential.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert all(line.startswith("#") for line in lines)


def test_nothing_collected_would_be_committed() -> None:
    paths = [
        "collect_sps_and_if/data/polls.csv",
        "collect_sps_and_if/log/2026-03-01.log",
        "collect_launch_time/data/journal/2026-03-01.csv",
        "report/index.html",
        "demo_output/report/index.html",
        "spot_dataset/aws/x.csv.gz",
        "standing_queries.csv",
    ]
    ended = subprocess.run(["git", "check-ignore", *paths], cwd=ROOT, capture_output=True, text=True)
    if ended.returncode == 128:
        pytest.skip("not in a git checkout")
    assert ended.stdout.split() == paths


def test_the_file_of_standing_queries_has_its_columns_and_place() -> None:
    assert standing_queries.HEADER == "name,instances,regions,target_capacity,scope"
    assert standing_queries.PLACE == "standing_queries.csv"


def test_csv_written_here_is_what_rfc_4180_says(tmp_path: Path) -> None:
    from common.files import csv_file

    csv_file.append(tmp_path / "a.csv", ("a", "b"), [('with "quotes"', "with, comma")])
    content = (tmp_path / "a.csv").read_text()
    assert list(csv.reader(io.StringIO(content))) == [["a", "b"], ['with "quotes"', "with, comma"]]


def test_every_program_has_a_deadline_but_those_that_read_whole_histories() -> None:
    without = {"collect_sps_and_if.score_by_spotlake_data", "collect_launch_time.dataset", "report", "local_aws"}
    modules = {command[-1].removesuffix(".py").replace("/", ".") for command in COMMANDS}
    for module in modules - without:
        path = ROOT.joinpath(*module.split("."))
        main = (path / "__main__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
        # The tables' commands share what runs them, deadline and all.
        assert "with time_limit(" in main or "TableCommand(" in main or re.search(r"^ +time_limit\(", main, re.M), (
            module
        )
