"""Credentials are got once, at the start. What ends every program is in tests/whole_runs/test_real_accounts.py."""

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import botocore.exceptions as failures
import pytest

from common.aws.aws_session import aws_session, renew_at_next_call
from common.aws.no_credentials import why_no_credentials
from common.errors import Refusal


@pytest.fixture
def without_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_a_chain_that_hangs_gives_none(without_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (without_keys / "config").write_text("[profile slow]\nregion = us-east-1\ncredential_process = sleep 5\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(without_keys / "config"))
    monkeypatch.setenv("AWS_PROFILE", "slow")
    monkeypatch.setattr("common.aws.aws_session._CHAIN_SECONDS", 0.5)
    aws_session.cache_clear()
    with pytest.raises(Refusal, match="does not answer"):
        aws_session()


@pytest.mark.parametrize(
    "printed",
    [
        "[1, 2]",
        "null",
        '{"Version": 1, "AccessKeyId": "AKIAFALSEFORTESTS000", "SecretAccessKey": null}',
        '{"Version": 1, "AccessKeyId": 5, "SecretAccessKey": "wJalrXUtnFEMIwJalrXUtnFEMI"}',
        '{"Version": 1, "AccessKeyId": "x", "SecretAccessKey": "wJalrXUtnFEMI", "Expiration": "soon"}',
        '{"Version": 1, "AccessKeyId": "x", "SecretAccessKey": "wJalrXUtnFEMI", "SessionToken": "t",'
        ' "Expiration": "2020-01-01T00:00:00Z"}',
    ],
)
def test_nonsense_is_told_with_what_gave_it(without_keys: Path, monkeypatch: pytest.MonkeyPatch, printed: str) -> None:
    (without_keys / "printed").write_text(printed)
    (without_keys / "config").write_text(f'[profile p]\ncredential_process = cat "{without_keys / "printed"}"\n')
    monkeypatch.setenv("AWS_CONFIG_FILE", str(without_keys / "config"))
    monkeypatch.setenv("AWS_PROFILE", "p")
    aws_session.cache_clear()
    with pytest.raises(Refusal, match=r"credential_process gives (?:what is no credentials|expired ones)") as refusal:
        aws_session()
    assert "wJalr" not in str(refusal.value)


def test_what_a_credential_process_says_of_its_failure_is_told_without_what_looks_secret(
    without_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = without_keys / "process"
    script.write_text("#!/bin/sh\necho the vault has no wJalrXUtnFEMIwJalrXUtn0 >&2\nexit 3\n")
    script.chmod(0o700)
    (without_keys / "config").write_text(f'[profile p]\ncredential_process = "{script}"\n')
    monkeypatch.setenv("AWS_CONFIG_FILE", str(without_keys / "config"))
    monkeypatch.setenv("AWS_PROFILE", "p")
    aws_session.cache_clear()
    with pytest.raises(Refusal, match=r"the vault has no \*\*\*"):
        aws_session()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (failures.HTTPClientError(error="Invalid header value b'abcSECRET\\n'"), "set it again without"),
        (failures.NoRegionError(), "set region in the profile"),
        (KeyError("accessToken"), "metadata service of this machine gives what is no credentials"),
    ],
)
def test_why_there_are_none_is_told_with_what_to_do_and_without_the_value(error: Exception, told: str) -> None:
    line = why_no_credentials(error)
    assert told in line
    assert "SECRET" not in line


@pytest.mark.parametrize("value", ['"quoted-secret-of-mine"', "secret\tof-mine-and-more"])
def test_a_key_that_was_copied_with_more_than_itself_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFALSEFORTESTS000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", value)
    aws_session.cache_clear()
    with pytest.raises(Refusal, match="set it again without") as refusal:
        aws_session()
    aws_session.cache_clear()
    assert value not in str(refusal.value)


class _Metadata(BaseHTTPRequestHandler):
    stumbles = 2
    given = 0  # times that credentials were given

    def do_PUT(self) -> None:
        self._answer("token")

    def do_GET(self) -> None:
        role = {
            "Code": "Success", "AccessKeyId": "ASIAFALSEFORTESTS", "SecretAccessKey": "false-secret-of-role",
            "Token": "false-token-of-role", "Expiration": "2999-01-01T00:00:00Z",
        }  # fmt: skip
        if self.path.endswith("/the-role"):
            type(self).given += 1
            role["AccessKeyId"] += str(type(self).given)
        self._answer(json.dumps(role) if self.path.endswith("/the-role") else "the-role")

    def _answer(self, body: str) -> None:
        if type(self).stumbles > 0:
            type(self).stumbles -= 1
            self.send_error(503)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def metadata() -> Iterator[Mapping[str, str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Metadata)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        "AWS_EC2_METADATA_DISABLED": "false",
    }
    server.shutdown()


def test_a_metadata_service_that_stumbles_twice_is_asked_again(
    without_keys: Path, metadata: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in metadata.items():
        monkeypatch.setenv(name, value)
    aws_session.cache_clear()
    try:
        credentials = aws_session().get_credentials()
        assert credentials
        assert credentials.get_frozen_credentials().access_key == "ASIAFALSEFORTESTS1"
    finally:
        aws_session.cache_clear()


def test_a_roles_credentials_that_aws_says_have_ended_are_got_anew_and_kept_where_there_are_no_new_ones(
    without_keys: Path, metadata: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in metadata.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_Metadata, "stumbles", 0)
    monkeypatch.setattr(_Metadata, "given", 0)
    aws_session.cache_clear()
    try:
        credentials = aws_session().get_credentials()
        assert credentials
        assert credentials.get_frozen_credentials().access_key == "ASIAFALSEFORTESTS1"
        renew_at_next_call()
        assert credentials.get_frozen_credentials().access_key == "ASIAFALSEFORTESTS2"
        assert credentials.get_frozen_credentials().access_key == "ASIAFALSEFORTESTS2"
        renew_at_next_call()
        monkeypatch.setattr(_Metadata, "stumbles", 1000)
        assert credentials.get_frozen_credentials().access_key == "ASIAFALSEFORTESTS2"
    finally:
        aws_session.cache_clear()


def test_keys_that_nothing_renews_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFALSEFORTESTS000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "false-secret-for-tests")
    aws_session.cache_clear()
    renew_at_next_call()
    aws_session.cache_clear()


def test_without_any_credentials_it_says_where_they_may_come_from(without_keys: Path) -> None:
    aws_session.cache_clear()
    with pytest.raises(Refusal, match="no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID"):
        aws_session()
