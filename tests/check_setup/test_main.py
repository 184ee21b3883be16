"""python -m check_setup, as a user runs it, against the local AWS."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collect_launch_time.ec2.installation import tags
from collect_launch_time.folders import installation_file
from instance_arch_and_ami_id import IMAGE_ID
from local_aws.mail.certificate import Certificate
from tests.check_setup.scheduling.test_schedule import install, ours
from tests.mail_server import LOOPBACK, PASSWORD, USER, Mailbox, good_certificate, mail_server
from tests.program import Ended, Fork, run
from tests.stand_in import StandIn

pytestmark = pytest.mark.whole_run

REGIONS = {"SPOT_REGIONS": "us-east-1 eu-west-1"}


@pytest.fixture(autouse=True)
def _crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cron"
    folder.mkdir()
    install(ours(), folder, monkeypatch)


def check(aws: StandIn, **environment: str) -> Ended:
    ended = Fork("check_setup", environment={**aws.environment, **REGIONS, **environment}).end()
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended


def to_do(ended: Ended) -> list[str]:
    return [line for line in ended.stdout.splitlines() if line.startswith("TO DO")]


def test_a_set_up_in_order_has_nothing_to_do_and_nothing_is_asked_for_real(aws: StandIn, home: Path) -> None:
    ended = check(aws)
    assert to_do(ended) == []
    assert (ended.code, ended.stderr) == (0, "")
    assert "fine   credentials: account 123456789012" in ended.stdout
    assert "fine   ec2:TerminateInstances: allowed in all 2 Regions" in ended.stdout
    for action in (
        "RequestSpotInstances",
        "TerminateInstances",
        "CancelSpotInstanceRequests",
        "GetSpotPlacementScores",
    ):
        assert aws.control.call_count(action, "ok") == 0
        assert aws.control.call_count(action, "DryRunOperation") > 0
    assert aws.control.score_queries() == []
    assert aws.control.truth()["spot_requests"] == []
    assert list(home.rglob("*.csv")) == []


def test_each_missing_permission_is_one_line_with_what_to_do(aws: StandIn, home: Path) -> None:
    aws.control.deny("DescribeInstances", "GetParameter")
    ended = check(aws)
    assert ended.code == 1
    lines = to_do(ended)
    assert [line.split(": ")[0] for line in lines] == ["TO DO  ssm:GetParameter", "TO DO  ec2:DescribeInstances"]
    assert all("--iam-policy" in line for line in lines)


def test_what_is_denied_for_made_up_ids_is_nothing_to_do(aws: StandIn, home: Path) -> None:
    aws.control.deny("TerminateInstances", "CancelSpotInstanceRequests")
    ended = check(aws)
    assert (ended.code, to_do(ended)) == (0, [])
    assert "-      ec2:TerminateInstances: cannot be tried without an instance" in ended.stdout


def test_wrong_credentials_leave_the_other_checks_their_say(aws: StandIn, home: Path) -> None:
    ended = check(aws, AWS_ACCESS_KEY_ID="AKIAWRONG")
    assert ended.code == 1
    assert [line.split(":")[0] for line in to_do(ended)] == ["TO DO  credentials"]
    assert "fine   crontab" in ended.stdout
    assert "-      permissions: not checked" in ended.stdout


def test_a_clock_that_is_off_is_told_with_the_way_to_mend_it(aws: StandIn, home: Path) -> None:
    aws.control.set_clock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    lines = to_do(check(aws))
    assert any("clock" in line and "time synchronisation" in line for line in lines)


def test_what_an_earlier_probe_left_is_named_and_left_alone(aws: StandIn, home: Path) -> None:
    installation = "0123456789abcdef" * 2
    path = installation_file(home)
    path.parent.mkdir(parents=True)
    path.write_text(f"{installation}\n")
    answer = aws.client().request_spot_instances(
        InstanceCount=1,
        LaunchSpecification={"ImageId": IMAGE_ID["us-east-1"]["x86_64"], "InstanceType": "t3.micro"},
        TagSpecifications=[{"ResourceType": "spot-instances-request", "Tags": tags(installation, "token")}],
    )
    request_id = answer["SpotInstanceRequests"][0]["SpotInstanceRequestId"]
    aws.control.set_clock(aws.control.now() + timedelta(seconds=5))  # new ids are invisible at first
    lines = to_do(check(aws))
    assert any("leftovers" in line and request_id in line and "--clean-up" in line for line in lines)
    assert aws.control.call_count("CancelSpotInstanceRequests", "ok") == 0


def test_the_mail_login_is_tried_and_no_letter_sent(
    aws: StandIn, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate: Certificate = good_certificate(tmp_path)
    mailbox = Mailbox()
    smtp = {"SPOT_SMTP_HOST": LOOPBACK, "SPOT_SMTP_SENDER": USER, "SPOT_SMTP_RECIPIENTS": "owner@example.com"}
    with mail_server(mailbox, certificate) as port:
        settings = {**smtp, "SPOT_SMTP_PORT": str(port), "SSL_CERT_FILE": str(certificate.authority)}
        right = check(aws, **settings, SPOT_SMTP_PASSWORD=PASSWORD)
        wrong = check(aws, **settings, SPOT_SMTP_PASSWORD="no such word")
    assert to_do(right) == []
    assert f"lets {USER} log in" in right.stdout
    assert [line.split(":")[0] for line in to_do(wrong)] == ["TO DO  mail"]
    assert "no such word" not in wrong.stdout
    assert mailbox.taken == []


def test_a_check_that_stumbles_stops_no_other(aws: StandIn, home: Path) -> None:
    (home / "collect_sps_and_if" / "data" / "polls.csv").mkdir(parents=True)
    ended = check(aws)
    assert ended.code == 1
    assert [line.split(":")[0] for line in to_do(ended)] == ["TO DO  polls"]
    assert "fine   credentials" in ended.stdout


def test_a_home_that_cannot_be_written_is_named(aws: StandIn, tmp_path: Path) -> None:
    ended = check(aws, SPOT_HOME="/proc/spot")
    assert ended.code == 1
    assert any("folders" in line and "/proc" in line for line in to_do(ended))


def test_a_region_that_is_not_enabled_is_named(aws: StandIn, home: Path) -> None:
    lines = to_do(check(aws, SPOT_REGIONS="us-east-1 ap-east-1"))
    assert any("ap-east-1" in line for line in lines)


def test_the_policy_is_printed_without_asking_anybody() -> None:
    ended = run("check_setup", "--iam-policy", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert ended.code == 0
    assert json.loads(ended.stdout)["Statement"]
    assert os.environ.get("SPOT_HOME") is None
