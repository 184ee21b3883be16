"""NOTIFY_URLS is tried as far as can be without a message: by whether apprise is there and can use each address."""

import sys
import types

import pytest

from check_setup.finding import Finding, State
from check_setup.telling.notify_addresses import check_notify_addresses

SECRET = "a-secret-topic"


def checked(monkeypatch: pytest.MonkeyPatch, *urls: str) -> Finding:
    monkeypatch.setattr("configs.NOTIFY_URLS", urls)
    (finding,) = check_notify_addresses()
    assert SECRET not in str(finding)
    return finding


@pytest.fixture
def apprise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the package: knows ntfy only, and cannot send."""
    known = types.SimpleNamespace(instantiate=lambda url: url if url.startswith("ntfy://") else None)
    monkeypatch.setitem(sys.modules, "apprise", types.SimpleNamespace(Apprise=known))


def test_without_addresses_it_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checked(monkeypatch).state is State.UNKNOWN


def test_addresses_that_apprise_knows_are_fine(monkeypatch: pytest.MonkeyPatch, apprise: None) -> None:
    found = checked(monkeypatch, f"ntfy://{SECRET}", "ntfy://other")
    assert found.state is State.FINE
    assert "2 addresses" in found.text


def test_one_it_cannot_use_is_named_by_number_and_scheme(monkeypatch: pytest.MonkeyPatch, apprise: None) -> None:
    found = checked(monkeypatch, "ntfy://other", f"slak://{SECRET}")
    assert found.state is State.TO_DO
    assert "address 2 (slak://…) of the 2 in NOTIFY_URLS" in found.text


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    found = checked(monkeypatch, f"ntfy://{SECRET}")
    assert found.state is State.TO_DO
    assert "script/install notify" in found.text


def test_apprise_itself_is_asked(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("apprise")
    assert checked(monkeypatch, f"ntfy://{SECRET}", "json://localhost/path").state is State.FINE
    assert checked(monkeypatch, f"slack://{SECRET}").state is State.TO_DO
    assert capfd.readouterr() == ("", "")
