"""The advisor's address: redirects are followed a few times, and never by another scheme; what drips is no answer."""

import ssl
from contextlib import ExitStack
from pathlib import Path

import pytest

from collect_sps_and_if.asking import advisor_fetch
from collect_sps_and_if.asking.advisor_fetch import MOST_REDIRECTS, Fetched, NotFetched, Validators, fetch_listing
from tests.collect_sps_and_if.advisor_server import FILE, serving
from tests.dripping import Answer, drips_its_body, drips_its_head, endpoint, says_nothing
from tests.mail_server import good_certificate


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS with a certificate that our requests trust."""
    certificate = good_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


def chain(redirects: int) -> dict[str, str]:
    return {f"/{number}": f"/{number + 1}" for number in range(redirects)}


def test_a_redirect_is_followed_and_the_condition_goes_along() -> None:
    with serving(chain(MOST_REDIRECTS)) as address:
        assert fetch_listing(f"{address}/0", Validators()) == Fetched(FILE, Validators("v1", ""))
        assert fetch_listing(f"{address}/0", Validators("v1", "")) is None


def test_a_redirect_to_another_host_is_followed_by_the_same_scheme(tls: ssl.SSLContext) -> None:
    with serving({}, tls) as there, serving({"/": f"{there}/file"}, tls) as here:
        assert fetch_listing(f"{here}/", Validators())


def test_redirects_without_end_are_refused() -> None:
    with serving(chain(MOST_REDIRECTS + 1)) as address, pytest.raises(NotFetched, match="Exceeded 3 redirects"):
        fetch_listing(f"{address}/0", Validators())


@pytest.mark.parametrize("is_first_secure", [True, False])
def test_another_scheme_is_refused_in_one_line_and_never_asked(tls: ssl.SSLContext, is_first_secure: bool) -> None:
    with ExitStack() as servers:
        there = servers.enter_context(serving({}, None if is_first_secure else tls))
        here = servers.enter_context(serving({"/": f"{there}/file"}, tls if is_first_secure else None))
        with pytest.raises(NotFetched, match="to another scheme") as refused:
            fetch_listing(f"{here}/", Validators())
    assert there in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("location", ["http://[", "ftp://example.com/file", "file:///etc/passwd"])
def test_what_is_no_address_of_ours_is_refused(location: str) -> None:
    with serving({"/": location}) as address, pytest.raises(NotFetched, match="it redirects"):
        fetch_listing(f"{address}/", Validators())


def test_a_password_in_a_redirect_is_not_told(tls: ssl.SSLContext) -> None:
    with serving({"/": "https://me:secret-word@127.0.0.1/"}) as address, pytest.raises(NotFetched) as refused:
        fetch_listing(f"{address}/", Validators())
    assert "secret-word" not in str(refused.value)


@pytest.mark.parametrize("answer", [drips_its_head, drips_its_body, says_nothing])
def test_an_answer_that_drips_is_none_when_the_time_for_it_is_over(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advisor_fetch, "ATTEMPT_SECONDS", 0.4)
    monkeypatch.setattr(advisor_fetch, "TOTAL_SECONDS", 0.5)
    with endpoint(answer) as address, pytest.raises(NotFetched, match="takes more than"):
        fetch_listing(address, Validators())
