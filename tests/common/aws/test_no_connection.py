"""What stands between a machine and AWS is told in words that say what to do, whichever library met it."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from collect_sps_and_if.asking import advisor_fetch
from collect_sps_and_if.asking.advisor_fetch import NotFetched, Validators, fetch_listing
from common.aws.aws_client import aws_client
from common.aws.aws_error import AWS_FAILURES, describe
from common.aws.aws_session import aws_session
from common.errors import Refusal
from local_aws.mail.certificate import make_certificate


class _WantsLogin(BaseHTTPRequestHandler):
    def do_CONNECT(self) -> None:
        self.send_error(407)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), _WantsLogin)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def of_nobody(server: ThreadingHTTPServer, tmp_path: Path) -> str:
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return f"https://127.0.0.1:{server.server_port}"


@pytest.fixture
def closed() -> str:
    return "https://127.0.0.1:9"


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisor_fetch, "FETCH_ATTEMPTS", 1)
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def told_of_aws() -> str:
    client = aws_client("ec2", "us-east-1", attempts=1)
    with pytest.raises(AWS_FAILURES) as failure:
        client.describe_regions()
    return describe(failure.value)


def told_of_the_advisor(url: str) -> str:
    with pytest.raises(NotFetched) as failure:
        fetch_listing(url, Validators("", ""))
    return str(failure.value)


def test_a_proxy_that_wants_a_login_is_told_as_that(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:opensesame@127.0.0.1:{server.server_port}")
    for told in (told_of_aws(), told_of_the_advisor("https://example.com/")):
        assert "the proxy answers 407" in told
        assert "HTTPS_PROXY" in told
        assert "opensesame" not in told


def test_a_certificate_that_nobody_trusts_is_told_with_the_setting_for_it(
    of_nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", of_nobody)
    for told in (told_of_aws(), told_of_the_advisor(of_nobody)):
        assert "certificate is not trusted" in told
        assert "CA_BUNDLE" in told


def test_a_refused_connection_is_told_in_the_systems_words(closed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", closed)
    assert told_of_aws().endswith(f'"{closed}/": Connection refused')
    assert told_of_the_advisor(closed) == "it cannot be reached: Connection refused"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_bundle_of_certificates_that_is_none_is_refused_at_the_start(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    aws_session.cache_clear()
    with pytest.raises(Refusal, match="AWS_CA_BUNDLE") as refusal:
        aws_session()
    assert str(bundle) in str(refusal.value)


def test_the_advisor_is_not_had_where_requests_has_no_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    assert "none.pem" in told_of_the_advisor("https://example.com/")
