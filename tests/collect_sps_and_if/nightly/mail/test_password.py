"""Where the mail password comes from, and who else may read it."""

from pathlib import Path

import pytest

from collect_sps_and_if.nightly.mail.password import mail_password
from common.errors import Refusal


def credential(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "credential.txt"
    folder.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_environment_goes_before_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credential(tmp_path, "from the file\n")
    monkeypatch.setenv("SPOT_SMTP_PASSWORD", "from the environment")
    assert mail_password(tmp_path, tmp_path) == "from the environment"


def test_the_file_under_home_goes_before_the_repositorys(tmp_path: Path) -> None:
    credential(tmp_path / "repository", "of the repository\n")
    credential(tmp_path, "# for the night's mail\n\n  of home  \n")
    assert mail_password(tmp_path, tmp_path / "repository") == "of home"


def test_without_a_file_under_home_the_repositorys_counts(tmp_path: Path) -> None:
    credential(tmp_path / "repository", "abcd efgh ijkl mnop")
    assert mail_password(tmp_path, tmp_path / "repository") == "abcd efgh ijkl mnop"


def test_without_any_file_it_says_where_to_put_the_password(tmp_path: Path) -> None:
    with pytest.raises(
        Refusal, match=r"there is no mail password yet, put it into /.*credential\.txt or into SPOT_SMTP_P"
    ):
        mail_password(tmp_path / "home", tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = credential(tmp_path, "secret-word\n", mode)
    with pytest.raises(Refusal) as refused:
        mail_password(tmp_path, tmp_path)
    assert str(refused.value).endswith(f"run chmod 600 {path}")
    assert "secret-word" not in str(refused.value)


def test_a_template_that_others_may_read_is_no_risk(tmp_path: Path) -> None:
    credential(tmp_path, "# nothing here\n", 0o644)
    with pytest.raises(Refusal, match="there is no mail password"):
        mail_password(tmp_path, tmp_path)


@pytest.mark.parametrize("text", ["parole-1\nparole-2\n", "schlüssel\n"])
def test_what_cannot_be_the_password_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    credential(tmp_path, text)
    with pytest.raises(Refusal) as refused:
        mail_password(tmp_path, tmp_path)
    assert not any(word in str(refused.value) for word in ("parole", "schl"))
