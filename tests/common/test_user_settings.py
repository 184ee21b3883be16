"""A user's own values: where they stand, in which order they hold, and what is said of those that cannot be right."""

from pathlib import Path

import pytest

from common import settings
from common.errors import Refusal
from common.redaction import without_secrets
from common.user_settings import UserSettings

COUNT = settings.whole_number(1, 100)


def written(folder: Path, text: str) -> UserSettings:
    (folder / "spot.toml").write_text(text, encoding="utf-8")
    return UserSettings(folder / "spot.toml")


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert UserSettings(tmp_path / "spot.toml").setting("INSTANCE_COUNT", 10, COUNT) == 10
    user = written(tmp_path, "instance_count = 3\n")
    assert user.setting("INSTANCE_COUNT", 10, COUNT) == 3
    monkeypatch.setenv("SPOT_INSTANCE_COUNT", " 2 ")
    assert user.setting("INSTANCE_COUNT", 10, COUNT) == 2


def test_all_go_through_the_same_check_which_says_where_the_value_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match=r"^INSTANCE_COUNT \(configs.py\) is 1000, but must be a whole number from 1"):
        UserSettings(None).setting("INSTANCE_COUNT", 1000, COUNT)
    with pytest.raises(Refusal, match=r"^Instance_Count \(.*/spot.toml\) is 1000, but must be a whole number from 1"):
        written(tmp_path, "Instance_Count = 1000").setting("INSTANCE_COUNT", 10, COUNT)
    monkeypatch.setenv("SPOT_INSTANCE_COUNT", "ten")
    with pytest.raises(Refusal, match=r"^SPOT_INSTANCE_COUNT \(environment\) is 'ten', but must be"):
        UserSettings(None).setting("INSTANCE_COUNT", 10, COUNT)


@pytest.mark.parametrize("text", ['"us-east-1 eu-west-1"', '["us-east-1", "eu-west-1"]', '"us-east-1, eu-west-1"'])
def test_a_list_may_be_written_as_text_or_as_tomls(tmp_path: Path, text: str) -> None:
    user = written(tmp_path, f"REGIONS = {text}")
    assert user.setting("REGIONS", "", settings.regions) == ("us-east-1", "eu-west-1")


def test_ids_by_region_may_be_written_as_tomls_table(tmp_path: Path) -> None:
    text = 'LAUNCH_SUBNETS = {us-east-1 = ["subnet-0a1b2c3d", "subnet-0a1b2c3e"], eu-west-1 = "subnet-0a1b2c3f"}'
    found = written(tmp_path, text).setting("LAUNCH_SUBNETS", "", settings.ids_by_region("subnet"))
    assert found == {"us-east-1": ("subnet-0a1b2c3d", "subnet-0a1b2c3e"), "eu-west-1": ("subnet-0a1b2c3f",)}


@pytest.mark.parametrize("value", ["true", "1979-05-27", '"a\\u0007b"', "[[true]]"])
def test_what_no_setting_can_be_is_refused_whatever_its_check(tmp_path: Path, value: str) -> None:
    with pytest.raises(Refusal, match=r"^SMTP_HOST \(.*\) is .*, but must be text"):
        written(tmp_path, f"SMTP_HOST = {value}").setting("SMTP_HOST", "", str)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("REGION = 'us-east-1'", "REGION (FILE) is no setting: did you mean REGIONS?"),
        ("rigions = 'us-east-1'", "rigions (FILE) is no setting: did you mean REGIONS?"),
        ("colour = 1", "colour (FILE) is no setting: configs.py has them all"),
        ("[smtp]\nhost = 'x'", "[smtp] (FILE): settings stand at the top of the file, in no section"),
        ("HOME = '/data'", "HOME (FILE) cannot stand in that file: set SPOT_HOME in the environment"),
        (
            "SMTP_PASSWORD = 'x'",
            "SMTP_PASSWORD (FILE) cannot stand in that file: set SPOT_SMTP_PASSWORD in the environment",
        ),
    ],
)
def test_a_key_that_is_no_setting_is_refused_with_the_nearest_right_name(tmp_path: Path, text: str, said: str) -> None:
    user = written(tmp_path, text)
    user.setting("REGIONS", "", settings.regions)
    with pytest.raises(Refusal) as refusal:
        user.check_names("HOME")
    assert str(refusal.value) == said.replace("FILE", str(tmp_path / "spot.toml"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"REGIONS = us-east-1", "is no TOML: "),
        (b"REGIONS = " + b"[" * 5000, "is no TOML: "),
        (b"TIMEOUT = 1\ntimeout = 2", "says TIMEOUT and timeout, which are one setting: keep one of them"),
        (b"\xff\xfe", "is no text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "spot.toml").write_bytes(content)
    with pytest.raises(Refusal) as refusal:
        UserSettings(tmp_path / "spot.toml")
    assert str(refusal.value).startswith(f"{tmp_path / 'spot.toml'} {said}")


def test_what_editors_make_of_a_file_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "spot.toml").write_bytes(b"\xef\xbb\xbfINSTANCE_COUNT = 3\r\n")
    assert UserSettings(tmp_path / "spot.toml").setting("INSTANCE_COUNT", 10, COUNT) == 3


def test_a_misspelt_variable_is_told_and_others_with_our_prefix_are_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    user = UserSettings(None)
    user.setting("REGIONS", "", settings.regions)
    for name in ("SPOT_REGION", "SPOT_SMPT_PASSWORD", "spot_regions", "SPOT_ROBOT_ARM", "SPOT_NOW"):
        monkeypatch.setenv(name, "x")
    user.check_names("HOME")
    told = capsys.readouterr().err
    assert "SPOT_REGION (environment) is no setting, so it changes nothing: did you mean SPOT_REGIONS?" in told
    assert "did you mean SPOT_SMTP_PASSWORD?" in told
    assert "spot_regions (environment)" in told
    assert told.count("\n") == 3


def test_a_secret_is_neither_quoted_in_a_refusal_nor_shown_later(tmp_path: Path) -> None:
    user = written(tmp_path, 'HEARTBEAT_URL = "nonsense-with-a-token"')
    with pytest.raises(Refusal) as refusal:
        user.setting("HEARTBEAT_URL", "", settings.url, is_secret=True)
    assert "nonsense" not in str(refusal.value)
    assert without_secrets("got nonsense-with-a-token") == "got ***"
