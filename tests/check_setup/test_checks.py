"""Every check has its say, also where one of them hangs."""

import threading

import pytest

from check_setup import checks
from check_setup.checks import all_findings
from check_setup.finding import State, fine


def test_a_check_that_hangs_is_something_to_do_and_keeps_no_other_from_its_say(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()

    def hangs() -> list[object]:
        never.wait()
        return []

    monkeypatch.setattr(checks, "find_account", lambda _: [fine("credentials", "yes")])
    monkeypatch.setattr(checks, "_OF_THE_MACHINE", {"slow": hangs})
    monkeypatch.setattr(checks, "_OF_THE_ACCOUNT", {})
    monkeypatch.setattr(checks, "_OF_THE_REST", {"quick": lambda: [fine("quick", "yes")]})
    found = [(finding.what, finding.state) for finding in all_findings(seconds=0.2)]
    never.set()
    assert found == [("slow", State.TO_DO), ("credentials", State.FINE), ("quick", State.FINE)]
