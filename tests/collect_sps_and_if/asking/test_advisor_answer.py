import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.asking.advisor_answer import Advice, SenselessAnswer, read_answer

RANGES = [{"index": index, "label": label, "dots": 0, "max": 5} for index, label in enumerate("abcde")]


def _file(linux: Any, ranges: Any = RANGES) -> bytes:
    return json.dumps({"ranges": ranges, "spot_advisor": {"eu-west-1": {"Linux": linux, "Windows": {}}}}).encode()


def test_gives_every_linux_pairs_index_and_savings() -> None:
    assert read_answer(_file({"m5.large": {"s": 70, "r": 4}, "c5.large": {"s": 61, "r": 0}})) == {
        ("eu-west-1", "m5.large"): Advice(4, 70),
        ("eu-west-1", "c5.large"): Advice(0, 61),
    }


@pytest.mark.parametrize(
    "entry", [{}, {"s": 70}, {"r": None}, {"r": "1"}, {"r": 5}, {"r": -1}, {"r": 1.5}, {"r": True}, [], 3, None]
)
def test_an_unknown_frequency_is_no_frequency(entry: Any) -> None:
    assert read_answer(_file({"m5.large": {"s": 70, "r": 4}, "x.large": entry})).keys() == {("eu-west-1", "m5.large")}


@pytest.mark.parametrize("savings", [None, "70", 170, -1, 70.5])
def test_unknown_savings_are_unknown(savings: Any) -> None:
    assert read_answer(_file({"m5.large": {"s": savings, "r": 1}})) == {("eu-west-1", "m5.large"): Advice(1, None)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Access Denied</body></html>",
        _file({"m5.large": {"s": 70, "r": 4}})[:-20],
        b"null",
        b"[]",
        b'{"spot_advice": {}}',
        b'{"spot_advisor": {}, "ranges": []}',
        b"[" * 100_000,
        b"\xff\xfe",
        _file({}),
        _file({"m5.large": {"s": 70, "rate": 4}}),
        _file({"m5.large": {"s": 70, "r": 4}}, ranges=None),
        _file({"m5.large": {"s": 70, "r": 4}}, ranges=[{"index": 7}]),
        _file({"m5.large": {"s": 70, "r": 4}}, ranges=[*RANGES, {"index": "5"}]),
        b'{"spot_advisor": {"eu-west-1": []}, "ranges": [{"index": 0}]}',
    ],
)
def test_what_is_no_advisors_file_is_refused(body: bytes) -> None:
    with pytest.raises(SenselessAnswer):
        read_answer(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["spot_advisor", "ranges", "Linux", "r", "s"]), inner)
    ),
)


@given(JSON | st.fixed_dictionaries({"spot_advisor": JSON, "ranges": st.just(RANGES) | JSON}))
def test_any_json_is_a_listing_or_is_refused(document: Any) -> None:
    try:
        listing = read_answer(json.dumps(document).encode())
    except SenselessAnswer:
        return
    assert all(advice.interruption_frequency in range(5) for advice in listing.values())
