"""The advisor's file, and what is remembered of it: whatever they say, a poll gets a listing or a reason."""

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.asking import interruption_frequency
from collect_sps_and_if.asking.advisor_answer import INDEXES, Listing, SenselessAdvice, read_answer
from collect_sps_and_if.asking.advisor_fetch import Fetched, Validators
from collect_sps_and_if.asking.interruption_frequency import ask_advisor
from tests.fuzz.spoiling import NASTY, lightly, spoiled_bytes

URL = "https://advisor"
LABELS = ("<5%", "5-10%", "10-15%", "15-20%", ">20%")
RANGES = [{"index": index, "label": label, "dots": 0, "max": 5} for index, label in enumerate(LABELS)]
LINUX = {"m5.large": {"s": 60, "r": 1}, "c5.large": {"s": 50, "r": 4}}
WHOLE = {"ranges": RANGES, "spot_advisor": {"us-east-1": {"Linux": LINUX, "Windows": LINUX}}}
STATE = {
    "url": hashlib.sha256(URL.encode()).hexdigest(),
    "etag": "e",
    "last_modified": "l",
    "pairs": [["us-east-1", "m5.large", 1, 60], ["us-east-1", "c5.large", 4, None]],
}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(NASTY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def misshapen(draw: st.DrawFn, document: Any) -> bytes:
    """Put anything in the place of some part of a document, at any depth."""
    document = json.loads(json.dumps(document))
    node: Any = document
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = draw(st.sampled_from(keys))
        inner = node[key]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.integers(0, 3)) == 0:
            node[key] = draw(anything)
            return json.dumps(document).encode()
        node = inner


def _is_right(listing: Listing) -> bool:
    return all(
        isinstance(region, str)
        and isinstance(instance, str)
        and type(advice.interruption_frequency) is int
        and advice.interruption_frequency in INDEXES
        and (advice.savings is None or type(advice.savings) is int)
        for (region, instance), advice in listing.items()
    )


@lightly(200)
@given(spoiled_bytes(json.dumps(WHOLE).encode()) | misshapen(WHOLE) | st.binary(max_size=40))
def test_a_spoiled_file_gives_a_true_listing_or_a_reason(body: bytes) -> None:
    with contextlib.suppress(SenselessAdvice):
        assert _is_right(read_answer(body))


@pytest.mark.parametrize("name", ["us\neast", "us,east", "\ud800", "", "x" * 100])
def test_a_name_that_is_none_does_not_get_into_a_file(name: str) -> None:
    advisor = {name: {"Linux": LINUX}, "us-east-1": {"Linux": LINUX | {name: {"s": 1, "r": 1}}}}
    listing = read_answer(json.dumps({"ranges": RANGES, "spot_advisor": advisor}).encode())
    assert set(listing) == {("us-east-1", "m5.large"), ("us-east-1", "c5.large")}


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 1_000_000, b"\xff\xfe" * 9])
def test_a_bottomless_file_is_a_reason(body: bytes) -> None:
    with pytest.raises(SenselessAdvice):
        read_answer(body)


@lightly(150)
@given(body=spoiled_bytes(json.dumps(STATE).encode()) | misshapen(STATE) | st.just(b"[" * 100_000))
def test_a_spoiled_memory_is_right_or_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    state = tmp_path / "collect_sps_and_if/data/interruption_frequency/latest.json"
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_bytes(body)

    def fetch_listing(_: str, last: Validators) -> Fetched | None:
        return None if last.etag or last.last_modified else Fetched(json.dumps(WHOLE).encode(), Validators())

    monkeypatch.setattr(interruption_frequency, "fetch_listing", fetch_listing)
    listing = ask_advisor(URL, tmp_path).listing
    assert listing
    assert _is_right(listing)
