import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.asking.advisor_answer import Advice, SenselessAdvice, UnknownRanges, read_answer

LABELS = ("<5%", "5-10%", "10-15%", "15-20%", ">20%")
RANGES = [{"index": index, "label": label, "dots": 0, "max": 5} for index, label in enumerate(LABELS)]
LINUX = {"m5.large": {"s": 70, "r": 4}}


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


@pytest.mark.parametrize("savings", [None, "70", 170, -10_001, 70.5, True])
def test_unknown_savings_are_unknown(savings: Any) -> None:
    assert read_answer(_file({"m5.large": {"s": savings, "r": 1}})) == {("eu-west-1", "m5.large"): Advice(1, None)}


def test_savings_are_below_zero_where_spot_is_dearer() -> None:
    assert read_answer(_file({"m5.large": {"s": -12, "r": 1}})) == {("eu-west-1", "m5.large"): Advice(1, -12)}


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
        b'{"spot_advisor": {"eu-west-1": []}, "ranges": [{"index": 0}]}',
    ],
)
def test_what_is_no_advisors_file_is_refused(body: bytes) -> None:
    with pytest.raises(SenselessAdvice):
        read_answer(body)


def _relabelled(index: int, label: Any) -> list[dict[str, Any]]:
    return [{**entry, "label": label} if entry["index"] == index else entry for entry in RANGES]


@pytest.mark.parametrize(
    ("ranges", "says"),
    [
        (
            [{**entry, "index": 4 - place} for place, entry in enumerate(RANGES)],
            "range 4 is labelled '<5%'",
        ),
        (_relabelled(1, "5-15%"), "range 1 is labelled '5-15%', and was 5–10 %"),
        (_relabelled(0, None), "range 0 is labelled 'None'"),
        (_relabelled(2, ["10-15%"]), "range 2 is labelled"),
        ([*RANGES, {"index": 5, "label": ">50%"}], "a range with the index '5'"),
        ([*RANGES, {"index": -1, "label": "<5%"}], "a range with the index '-1'"),
        ([*RANGES, {"label": "<5%"}], "a range with the index 'None'"),
        ([*RANGES, {"index": "4", "label": ">20%"}], "a range with the index '4'"),
        ([*RANGES, "<5%"], "a range with the index 'None'"),
        ([*RANGES, {"index": 0, "label": "x\n" * 999}], "range 0 is labelled"),
    ],
)
def test_a_scale_that_is_not_the_one_we_know_is_refused_with_the_file(ranges: Any, says: str) -> None:
    body = _file(LINUX, ranges)
    with pytest.raises(UnknownRanges) as refused:
        read_answer(body)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250
    assert refused.value.body == body


@pytest.mark.parametrize("label", ["15-20%", "15 - 20 %", "15-20", " 15%-20% "])
def test_blanks_and_percent_signs_make_no_other_label(label: str) -> None:
    assert read_answer(_file(LINUX, _relabelled(3, label)))


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
    except SenselessAdvice:
        return
    assert all(advice.interruption_frequency in range(5) for advice in listing.values())
