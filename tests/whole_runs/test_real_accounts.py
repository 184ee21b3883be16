"""What people have met on real accounts, each where a user meets it: the exit code, the one line, the files.

What fails by Region and call is in test_failures.py; here is what takes more than one call, or one run.
"""

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from local_aws.control import api
from tests.whole_runs.failures.cases import run
from tests.whole_runs.failures.in_process_aws import InProcessAws
from tests.whole_runs.failures.played import Played
from tests.whole_runs.failures.programs import (
    CLEAN_UP,
    DRY_RUN,
    FAMILIES,
    HOME_REGION,
    OTHER_REGION,
    PAIRS,
    POLL,
    PROBE,
    PROGRAMS,
    Program,
    leave_probes,
    rows,
    score,
    set_up,
)

T = TypeVar("T")
pytestmark = pytest.mark.whole_run

HERE, THERE = PAIRS
NEXT = ("c5.large", HOME_REGION)
ONE = {"SPOT_LAUNCH_TOP_K": "1"}
ROLE = "role_arn = arn:aws:iam::111122223333:role/x"
KEYS = "aws_access_key_id = AKIAFALSEFORTESTS\naws_secret_access_key = false-secret-for-tests"


@pytest.fixture(scope="module")
def _aws() -> Iterator[InProcessAws]:
    made = InProcessAws()
    gc.collect()
    gc.freeze()
    yield made
    gc.unfreeze()


class Account:
    """An AWS account as somebody has it, and what the programs do with it."""

    def __init__(self, aws: InProcessAws, home: Path) -> None:
        self.aws, self.home = aws, home
        set_up(aws, home)

    def run(self, program: Program, **settings: str) -> Played:
        return run(self.aws, program, self.home, **settings)

    def told(self, program: Program, code: int, **settings: str) -> str:
        """Run a program that leaves with this code and one line; give the line."""
        ended = self.run(program, **settings)
        assert (ended.code, ended.stderr.count("\n"), ended.left) == (code, 1, {}), ended
        return ended.stderr

    def is_silent(self, program: Program, **settings: str) -> Played:
        """Run a program that has nothing to complain of."""
        ended = self.run(program, **settings)
        assert (ended.code, ended.stderr, ended.left) == (0, "", {})
        return ended

    def refuse(self, action: str, code: str, **more: object) -> None:
        """Let AWS refuse a call."""
        api.put_faults(self.aws.world, [{"kind": "error", "action": action, "code": code, **more}])

    def probed(self) -> set[tuple[str, str]]:
        return {(row["instance"], row["region"]) for row in rows(self.home, "collect_launch_time/data/instances")}


@pytest.fixture
def account(_aws: InProcessAws, tmp_path: Path) -> Account:
    return Account(_aws, tmp_path)


# --- credentials

PROFILES = {
    "sso": (
        "sso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 111122223333\n"
        "sso_role_name = x",
        "run aws sso login --profile sso",
    ),
    "process-gone": ("credential_process = /opt/none/at-all", "No such file or directory: /opt/none/at-all"),
    "process-fails": ("credential_process = false", "custom-process"),
    "no-json": ("credential_process = echo Hello", "printed what is no JSON"),
    "token-gone": (f"{ROLE}\nweb_identity_token_file = /opt/none/token", "No such file or directory: /opt/none/token"),
    "mfa": (f"{ROLE}\nsource_profile = keys\nmfa_serial = arn:aws:iam::111122223333:mfa/me", "wants an MFA code"),
    "login": ("login_session = arn:aws:iam::111122223333:user/me", "pip install 'botocore[crt]'"),
    "half": ("aws_access_key_id = AKIAFALSEFORTESTS", "not whole"),
    "may-not-assume": (f"{ROLE}\nsource_profile = keys", "AWS denies sts:AssumeRole, by which the credentials of"),
}


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sections = [f"[profile {name}]\nregion = us-east-1\n{text}\n" for name, (text, _) in PROFILES.items()]
    config = tmp_path / "config"
    config.write_text("\n".join([*sections, f"[profile keys]\n{KEYS}\n"]))
    monkeypatch.setenv("HOME", str(tmp_path))
    return config


COPIED = [
    (name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    for value in ("abcSECRETdef\r", "abcSECRET\ndef", "abc SECRETdef", "abcSECRETdéf")
]


def told_of_credentials(ended: Played) -> list[str]:
    """Give the lines by which a program says what is wrong with its credentials."""
    of_check = [line for line in ended.stdout.splitlines() if line.startswith("TO DO  credentials")]
    return of_check or [line for line in ended.stderr.splitlines() if "open since" not in line]


def some(things: Sequence[T], program: Program) -> Sequence[T]:
    """Give all to one program, and two to each other: one place gets the credentials for all of them."""
    number = PROGRAMS.index(program)
    return [things[place % len(things)] for place in (number, 2 * number + 1)] if number else things


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_chain_that_gives_no_credentials_ends_every_program_with_one_line_that_says_what_to_do(
    account: Account, profiles: Path, program: Program
) -> None:
    program.prepare(account.aws, account.home)
    api.put_denials(account.aws.world, ["AssumeRole"])
    without = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "")
    for profile in some(list(PROFILES), program):
        ended = account.run(program, AWS_PROFILE=profile, AWS_CONFIG_FILE=str(profiles), **without)
        [line] = told_of_credentials(ended)
        assert PROFILES[profile][1] in line
        assert ended.code == (1 if program.has_findings or program.works_anyway else 2)


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "Blocked"])
def test_a_role_that_cannot_be_assumed_names_that_call_and_not_the_programs(
    account: Account, profiles: Path, code: str
) -> None:
    account.refuse("AssumeRole", code)
    without = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "")
    line = account.told(POLL, 2, AWS_PROFILE="may-not-assume", AWS_CONFIG_FILE=str(profiles), **without)
    assert "sts:AssumeRole" in line
    assert code in line
    assert "ec2:" not in line


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_credential_that_was_copied_with_a_line_end_is_refused_and_quoted_nowhere(
    account: Account, program: Program
) -> None:
    program.prepare(account.aws, account.home)
    for name, value in some(COPIED, program):
        ended = account.run(program, **{name: value})
        [line] = told_of_credentials(ended)
        assert "set it again without" in line
        assert ended.code == (1 if program.has_findings or program.works_anyway else 2)
        written = "".join(path.read_text() for path in account.home.rglob("*") if path.is_file())
        assert "SECRET" not in ended.stdout + ended.stderr + written


@pytest.mark.parametrize("program", [CLEAN_UP, PROBE], ids=lambda program: program.name)
@pytest.mark.parametrize(
    ("code", "settings", "exit_code"),
    [
        ("ExpiredToken", {}, 2),
        ("Blocked", {}, 2),
        ("", {"AWS_SECRET_ACCESS_KEY": "line\rend-of-it"}, 2),
        ("ServiceUnavailable", {}, 1),
    ],
)
def test_a_run_that_cannot_look_says_what_is_open_since_when_and_where_and_a_later_one_ends_it(
    account: Account, program: Program, code: str, settings: dict[str, str], exit_code: int
) -> None:
    leave_probes(account.aws, account.home)
    if code:
        account.refuse("*", code)
    ended = account.run(program, **settings)
    assert ended.code == exit_code
    assert ended.stderr.count("\n") == 2, ended.stderr
    last = ended.stderr.splitlines()[-1]
    assert "2 probes are open since 20" in last
    assert "in eu-west-1, us-east-1: what they asked for may still run" in last
    api.put_faults(account.aws.world, [])
    account.is_silent(CLEAN_UP)
    account.refuse("*", "ExpiredToken")
    assert "open since" not in account.told(program, 2)


# --- what is offered, and scored


@pytest.mark.parametrize("members", [["ProcessorInfo"], ["ProcessorInfo.SupportedArchitectures"], ["InstanceType"]])
def test_a_type_that_is_listed_without_a_field_for_a_while_costs_itself_only(
    account: Account, members: list[str]
) -> None:
    api.put_catalog(account.aws.world, {"incomplete_types": {"m6g.medium": members}})
    ended = account.run(FAMILIES)
    assert ended.code == 0
    assert all(f'"{family}"' in ended.stdout for family in ("c5", "m5", "t3"))


def test_types_that_placement_scores_refuse_are_told_once_with_all_their_names(account: Account) -> None:
    api.put_catalog(account.aws.world, {"unscored_types": ["m5.*", "c5.*"]})
    line = account.told(POLL, 1, SPOT_SAMPLE_COUNT="4")
    assert "AWS refused 2 of 4 placement-score queries" in line
    assert "c5.large, m5.large" in line
    account.is_silent(POLL, SPOT_SAMPLE_COUNT="4")
    assert [row["outcome"] for row in rows(account.home, "collect_sps_and_if/data/sps_and_if")].count("refused") == 8


def test_an_endpoint_without_placement_scores_is_told_once_with_the_way_out(account: Account) -> None:
    assert "does not offer them, us-east-1 and us-west-2 do: set SPS_REGION" in account.told(
        POLL, 1, SPOT_SPS_REGION="af-south-1"
    )
    account.is_silent(POLL, SPOT_SPS_REGION="af-south-1")


# --- what can be launched


@pytest.mark.parametrize("instance", ["a1.large", "t1.micro", "m1.small", "m2.xlarge", "c1.medium"])
def test_a_family_that_cannot_run_the_ami_is_passed_over_and_told_only_where_nothing_else_is_left(
    account: Account, instance: str
) -> None:
    score(account.home, (instance, HOME_REGION), HERE)
    assert "m5.large" in account.is_silent(DRY_RUN, **ONE).stdout
    score(account.home, (instance, HOME_REGION))
    assert f"no AMI for '{instance}'" in account.told(DRY_RUN, 2)


@pytest.mark.parametrize("usd", [9.99, 0.0001])
def test_the_price_of_a_local_zone_is_not_a_regions(account: Account, usd: float) -> None:
    def priced() -> list[str]:
        return [line for line in account.is_silent(DRY_RUN).stdout.splitlines() if "ami-" in line]

    before = priced()
    api.put_catalog(account.aws.world, {"local_zones": {"us-east-1-bos-1a": usd, "us-east-1-mia-2a": usd}})
    assert len(before) == len(PAIRS)
    assert priced() == before


@pytest.mark.parametrize(
    ("code", "next_pair"),
    [
        ("Unsupported", NEXT),
        ("InvalidParameterCombination", NEXT),
        ("VPCIdNotSpecified", THERE),
        ("MissingInput", THERE),
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", THERE),
    ],
)
def test_a_pair_that_cannot_work_here_makes_place_for_the_next_for_the_rest_of_the_day(
    account: Account, code: str, next_pair: tuple[str, str]
) -> None:
    score(account.home, HERE, NEXT, THERE)
    account.refuse("RequestSpotInstances", code, instance_type="m5.large")
    line = account.told(PROBE, 1, **ONE)
    assert code in line
    assert "AWS can never grant this, today's further runs take the next pair" in line
    assert rows(account.home, "collect_launch_time/data") == []
    account.is_silent(PROBE, **ONE)
    assert account.probed() == {next_pair}


def test_where_nothing_is_left_that_can_work_one_line_says_so(account: Account) -> None:
    account.refuse("RequestSpotInstances", "VPCIdNotSpecified")
    assert "VPCIdNotSpecified" in account.told(PROBE, 1)
    assert "VPCIdNotSpecified" in account.told(PROBE, 2)


@pytest.mark.parametrize(
    ("code", "status"),
    [("InsufficientInstanceCapacity", 500), ("InsufficientHostCapacity", 503), ("UnfulfillableCapacity", 400)],
)
def test_no_capacity_is_a_row_of_zeros_at_once_whatever_status_it_comes_with(
    account: Account, code: str, status: int
) -> None:
    account.refuse("RequestSpotInstances", code, message="none", status=status, region=HOME_REGION)
    account.is_silent(PROBE)
    [zero] = [row for row in rows(account.home, "collect_launch_time/data") if row["region"] == HOME_REGION]
    assert (zero["ready_instances"], zero["fulfilled_instances"]) == ("0", "0")
    assert account.probed() == {THERE}


def test_a_request_that_fails_after_it_was_taken_is_told_and_makes_place_for_the_next_pair(account: Account) -> None:
    api.put_scenario(account.aws.world, {"pairs": {"@".join(HERE): {"request_end": "bad-parameters"}}})
    said = "not the market (bad-parameters: Your Spot request failed due to bad parameters.)"
    assert said in account.told(PROBE, 1, **ONE)
    account.is_silent(PROBE, **ONE)
    assert account.probed() == {HERE, THERE}


@pytest.mark.parametrize(
    "reason", ["Client.VolumeLimitExceeded: Volume limit exceeded", "Client.InternalError: No key"]
)
def test_an_instance_that_the_accounts_own_doing_keeps_from_running_is_told(account: Account, reason: str) -> None:
    api.put_scenario(account.aws.world, {"launch_failure": reason})
    assert f"not the market ({reason})" in account.told(PROBE, 1, **ONE)


# --- Regions that are closed


def test_a_closed_region_that_no_run_uses_is_nobodys_mail(account: Account) -> None:
    score(account.home, HERE)
    for code in ("AuthFailure", "OptInRequired"):
        account.refuse("*", code, region=OTHER_REGION)
        account.is_silent(PROBE)
    log = "".join(path.read_text() for path in (account.home / "collect_launch_time" / "log").glob("*.log"))
    assert "ERROR collect_launch_time.ending.clean_up: AWS refuses to list our requests in eu-west-1" in log


@pytest.mark.parametrize("action", ["DescribeInstances", "DescribeInstanceStatus"])
def test_a_region_where_nobody_may_look_at_instances_makes_place_for_another(account: Account, action: str) -> None:
    api.put_denials(account.aws.world, [{"action": action, "region": HOME_REGION}])
    assert HOME_REGION in account.told(PROBE, 1, **ONE)
    assert account.probed() == {THERE}


@pytest.mark.parametrize("code", ["PendingVerification", "OptInRequired"])
def test_where_all_that_was_chosen_lies_in_one_region_its_refusal_is_no_word_on_the_others(
    account: Account, code: str
) -> None:
    score(account.home, HERE, NEXT)
    account.refuse("RequestSpotInstances", code, region=HOME_REGION)
    assert HOME_REGION in account.told(PROBE, 1)
    account.told(PROBE, 2, SPOT_REGIONS=HOME_REGION)


def test_a_pair_that_an_organisation_forbids_makes_place_for_the_next_for_the_rest_of_the_day(account: Account) -> None:
    score(account.home, HERE, NEXT, THERE)
    api.put_denials(account.aws.world, [{"action": "RequestSpotInstances", "region": HOME_REGION, "encoded": True}])
    for instance, _ in (HERE, NEXT):
        line = account.told(PROBE, 1, **ONE)
        assert "explicit deny" in line
        assert f"{instance} in {HOME_REGION}" in line
    account.is_silent(PROBE, **ONE)
    assert account.probed() == {THERE}


@pytest.mark.parametrize(
    ("code", "status"), [("InvalidInstanceID.NotFound", 400), ("InternalError", 500), ("ResourceInUse", 409)]
)
def test_an_instance_that_cannot_be_ended_is_named_by_each_run_and_keeps_no_other_alive(
    account: Account, code: str, status: int
) -> None:
    api.put_scenario(account.aws.world, {"capacity": 100})
    account.refuse("TerminateInstances", code, message="no {id}", status=status, ids=1)
    for program in (PROBE, CLEAN_UP):
        ended = account.run(program, SPOT_INSTANCE_COUNT="20", **ONE)
        [living] = ended.left["living_instances"]
        assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended
        assert living in ended.stderr
    api.put_faults(account.aws.world, [])
    account.is_silent(CLEAN_UP)
