"""How long ago something was, in words."""

import pytest

from common.counted import ago


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-30, "0 s ago"),
        (0.4, "0 s ago"),
        (119.9, "119 s ago"),
        (120, "2 min ago"),
        (7199, "119 min ago"),
        (7200, "2 h ago"),
        (172_799, "47 h ago"),
        (172_800, "2 days ago"),
        (40 * 86_400, "40 days ago"),
    ],
)
def test_an_age_is_told_in_the_unit_that_fits_it(seconds: float, words: str) -> None:
    assert ago(seconds) == words
