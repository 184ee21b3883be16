import os
import subprocess
import sys
from pathlib import Path

import pytest

from common import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOME", __file__),
        ("HOME", ""),
        ("SPS_AND_IF_TOP_K", "-1"),
        ("SPS_AND_IF_TOP_K", "1.5"),
        ("SAMPLE_COUNT", "many"),
        ("SPS_CONFIGURATION_LIMIT", "0"),
        ("SPS_REGION", "frankfurt"),
        ("REGIONS", "us-east-1;eu-west-1"),
        ("INSTANCE_PATTERN", "("),
        ("ADVISOR_URL", "ftp://example.com"),
        ("ADVISOR_URL", "https://"),
        ("LAUNCH_TOP_K", "²"),
        ("INSTANCE_COUNT", "0"),
        ("TIMEOUT", "4.9"),
        ("TIMEOUT", "nan"),
        ("STATUS_INTERVAL", "0.4"),
        ("LAUNCH_SAMPLE_COUNT", "-1"),
        ("LAUNCH_SUBNETS", "subnet-0123456789abcdef0"),
        ("LAUNCH_SECURITY_GROUPS", "us-east-1=default"),
        ("LAUNCH_DAILY_BUDGET_USD", "-0.01"),
        ("LAUNCH_DAILY_BUDGET_USD", "inf"),
        ("SMTP_PORT", "65536"),
        ("SMTP_HOST", "a host"),
        ("SMTP_SENDER", "nobody"),
        ("SMTP_RECIPIENTS", "a@example.com, b@"),
    ],
)
def test_a_senseless_setting_is_one_line_that_names_it_and_exit_code_2(name: str, value: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "collect_sps_and_if"],
        cwd=ROOT,
        env={**os.environ, f"SPOT_{name}": value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert f"SPOT_{name}" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("text", ["us-east-1,eu-west-1", "us-east-1  eu-west-1", " us-east-1, eu-west-1 , us-east-1"])
def test_lists_are_separated_by_commas_or_spaces(text: str) -> None:
    assert settings.regions(text) == ("us-east-1", "eu-west-1")


def test_empty_lists_are_right() -> None:
    assert settings.regions("") == ()
    assert settings.mail_addresses("") == ()


SUBNET, OTHER = "subnet-0123456789abcdef0", "subnet-0a1b2c3d"


@pytest.mark.parametrize(
    "text",
    [
        f"us-east-1={SUBNET} us-east-1={OTHER} eu-west-1={OTHER}",
        f"us-east-1={SUBNET},us-east-1 = {OTHER},us-east-1={OTHER}, eu-west-1={OTHER}",
    ],
)
def test_a_region_may_have_several_ids(text: str) -> None:
    found = settings.ids_by_region("subnet")(text)
    assert found == {"us-east-1": (SUBNET, OTHER), "eu-west-1": (OTHER,)}


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (SUBNET, f"us-east-1={SUBNET} "),
        (f"eu-west-1:{OTHER}", f"eu-west-1={OTHER} "),
        (f"eu-west-1={OTHER},{SUBNET}", f"eu-west-1={SUBNET} "),
        (f"{OTHER}=eu-west-1", f"eu-west-1={OTHER} "),
        ("eu-west-1=sg-0123456789abcdef0", "eu-west-1=subnet-"),
        ("eu-west-1=", "eu-west-1=subnet-"),
        ("frankfurt", "us-east-1=subnet-"),
    ],
)
def test_ids_that_stand_there_otherwise_are_refused_with_the_nearest_right_form(text: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=f"^{nearest}"):
        settings.ids_by_region("subnet")(text)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("", ()),
        ("ntfy://topic", ("ntfy://topic",)),
        (
            "ntfy://topic  mailtos://u:p@example.com?to=a@b.com,c@d.com",
            ("ntfy://topic", "mailtos://u:p@example.com?to=a@b.com,c@d.com"),
        ),
        ("ntfy://one,json://two/x, tgram://three", ("ntfy://one", "json://two/x", "tgram://three")),
    ],
)
def test_addresses_of_messengers_are_told_apart_by_blanks_and_schemes(text: str, addresses: tuple[str, ...]) -> None:
    assert settings.notification_addresses(text) == addresses


@pytest.mark.parametrize("text", ["topic", "ntfy:topic", "ntfy://", "://topic"])
def test_what_is_no_messengers_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="addresses in apprise's notation"):
        settings.notification_addresses(text)
