"""Lines are found wherever they begin and however short they are, and found again in another text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.read.lines import LineTable, lines_of

HEADER = b"a header of more than thirty-two bytes\n"
lines_of_any_length = st.lists(st.binary(max_size=100).map(lambda line: line.replace(b"\n", b" ")), min_size=1)


@given(lines_of_any_length, st.booleans())
def test_every_line_is_found_the_shortest_and_the_last_without_its_end_too(drawn: list[bytes], ends: bool) -> None:
    text = HEADER + b"\n".join(drawn) + b"\n" * (ends or not drawn[-1])
    found = lines_of(np.frombuffer(text, np.uint8), len(HEADER), b"", time_is_last=False)
    assert found is not None
    assert [text[begin : begin + length] for begin, length in zip(found.begins, found.lengths, strict=True)] == drawn


@given(st.permutations(range(40)), st.sets(st.integers(0, 39)), st.integers(20, 90))
def test_a_line_is_known_if_the_text_before_has_it_wherever_it_stands(
    order: list[int], changed: set[int], length: int
) -> None:
    table = LineTable()
    before = [b"%02d" % number + bytes(65 + (number * place) % 26 for place in range(length)) for number in range(40)]
    after = [before[number] + b"!" * (number in changed) for number in order]
    for lines in (before, after):
        text = HEADER + b"\n".join(lines) + b"\n"
        found = lines_of(np.frombuffer(text, np.uint8), len(HEADER), b"", time_is_last=False)
        assert found is not None
        rows, is_known = table.replace(found)
    known = [place for place, number in enumerate(order) if number not in changed and length + 2 >= 32]
    assert set(np.flatnonzero(is_known).tolist()) <= set(known)
    assert [order[place] for place in np.flatnonzero(is_known)] == rows[is_known].tolist()
    if not changed and order == sorted(order):
        assert len(known) in (0, int(is_known.sum()))
