"""What is secret leaves no program, whatever quotes it."""

import pytest

from common import redaction
from common.redaction import keep_secret, without_secrets, without_values


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_known", set())


def test_a_value_in_use_is_blacked_out_without_any_label(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2VjE")
    assert without_secrets("Invalid header value b'IQoJb3JpZ2luX2VjE'") == "Invalid header value ***"


@pytest.mark.parametrize(
    "value", ["abcSECRET\r", "abcSECRET\n", "abcSECRET\r\nmoreSECRET", " abcSECRET ", "abcSECRET\x07x"]
)
def test_a_value_with_a_line_end_is_blacked_out_however_it_is_quoted(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", value)
    for quoted in (value, repr(value), repr(value.encode()), f"Invalid header value {value.encode()!r}", value.strip()):
        assert "SECRET" not in without_secrets(quoted)


@pytest.mark.parametrize(
    "said",
    [
        "Invalid header value b'abcSECRET\\ndef\\'SECRET'",
        "Invalid return character(s) in header value: 'abcSECRET\\r'",
        "GET https://example.org/x?a=1&api_key=abcSECRET&b=2 failed",
        "url: /x?X-Amz-Signature=abcSECRET (Caused by",
        "url: /x?access_token=abcSECRET#there",
    ],
)
def test_a_value_that_nobody_knows_yet_is_blacked_out_where_its_place_shows_that_it_is_secret(said: str) -> None:
    shown = without_secrets(said)
    assert "SECRET" not in shown
    assert "***" in shown
    assert ("b=2 failed" in shown) == ("b=2 failed" in said)


def test_a_value_got_from_the_chain_is_blacked_out_once_it_is_known() -> None:
    assert "wJalrXUtnFEMI" in without_values("wJalrXUtnFEMI")
    keep_secret("wJalrXUtnFEMI", None, "")
    assert without_values("the key wJalrXUtnFEMI is wrong") == "the key *** is wrong"


def test_of_two_secrets_one_of_which_holds_the_other_nothing_is_left() -> None:
    keep_secret("short-one", "short-one-and-longer")
    assert without_values("short-one-and-longer short-one") == "*** ***"


def test_an_access_key_id_is_known_by_its_shape() -> None:
    assert without_secrets("SignatureDoesNotMatch for ASIAIOSFODNN7EXAMPLE") == "SignatureDoesNotMatch for ***"


def test_what_is_too_short_for_a_secret_blacks_out_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOT_SMTP_PASSWORD", "in")
    assert without_secrets("nothing in between") == "nothing in between"
