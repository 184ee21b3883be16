"""The AMIs' age is AWS's word, not the table's date; an AMI that AWS does not know any more is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from check_setup.account import Account
from check_setup.finding import Finding, State
from check_setup.images import Ami, check_images, findings
from common.aws.regions import Regions
from common.side_by_side import Outcome
from tests.stand_in import StandIn

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def asked(*days_left: int) -> list[Finding]:
    amis = [Ami(NOW - timedelta(days=90 - days), NOW + timedelta(days=days)) for days in days_left]
    return list(findings([Outcome("us-east-1", amis, None)], NOW))


def refused(code: str) -> Finding:
    error = ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeImages")
    (finding,) = findings([Outcome("eu-west-1", None, error)], NOW)
    return finding


@pytest.mark.parametrize(
    ("days_left", "state", "told"),
    [
        ((80, 60), State.FINE, "the oldest was made 30 days ago, and is deprecated in 60 days"),
        ((80, 10), State.TO_DO, "is deprecated in 10 days: run python"),
        ((80, -20), State.TO_DO, "was deprecated 20 days ago"),
    ],
)
def test_the_oldest_says_when_to_renew(days_left: tuple[int, ...], state: State, told: str) -> None:
    (finding,) = asked(*days_left)
    assert finding.state is state
    assert told in finding.text


def test_an_ami_that_is_gone_is_to_be_renewed() -> None:
    finding = refused("InvalidAMIID.NotFound")
    assert finding.state is State.TO_DO
    assert "eu-west-1" in finding.text
    assert "get_ami_id.py --write" in finding.text


def test_without_the_permission_a_table_of_the_local_aws_is_to_be_renewed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("configs.HOME", tmp_path)
    finding = refused("UnauthorizedOperation")
    assert finding.state is State.TO_DO
    assert "ec2:DescribeImages is denied in eu-west-1" in finding.text
    assert "the table is of the local AWS" in finding.text


def test_the_shipped_amis_are_looked_up(aws: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("configs.HOME", tmp_path)
    (finding,) = check_images(Account(Regions(("us-east-1", "eu-west-1"), ())))
    assert finding.state is State.FINE
