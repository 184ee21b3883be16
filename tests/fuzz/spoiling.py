"""How what is read gets spoiled: what crashes, editors, other programs, proxies and ill will do to bytes."""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

INPUTS = int(os.environ.get("FUZZ_INPUTS", "0"))
"""How many inputs each reader is given; 0: as many as its test takes in an ordinary run, always the same ones."""

#: Cells that are nearly right: a number that is none, a time that no calendar has, text that no encoding has.
NASTY = [
    "", " ", "-1", "0", "3.0", "1e400", "nan", "inf", "-inf", "9" * 40, "9" * 5000, "²", "٣", "½", "0x10", "1_0",
    "True", "None", "null", "ok", "refused", "top", "sample", "closed", '"', '""', '"a,b"', "a\rb", "\0", "\ufeff",
    "\ufffd", "\u2028", "<b>&amp;</b>", "{{ 7 }}", "=1+1", "../../etc/passwd", "m5.large", "us-east-1", "m" * 20_000,
    "2026-03-01", "2026-03-01T00:00:00", "2026-03-01T12:00:00+00:00", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "1969-12-31T23:59:59+00:00", "2026-02-30T00:00:00Z", "2026-03-01T00:00:00+23:59",
    "2026-03-01T12:00:00.123456789Z", "2026-W09-7", "20260301T120000Z",
]  # fmt: skip
RAW = [
    b"",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b",",
    b",,,,,,",
    b"\xc3",
    b"\x1a",
    b"]",
    b"{",
]


def lightly(examples: int) -> settings:
    """Give the settings of a test with so many examples, or with INPUTS."""
    return settings(
        max_examples=INPUTS or examples,
        deadline=None,
        derandomize=not INPUTS,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@st.composite
def spoiled_cells(draw: st.DrawFn, content: bytes) -> bytes:
    """Put nasty cells into some rows, header included; double, drop and swap some lines."""
    lines = content.decode().split("\n")
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        deed = draw(st.sampled_from(["cell", "cell", "cell", "double", "drop", "swap", "lengthen"]))
        if deed == "double":
            lines.insert(place, lines[place])
        elif deed == "drop":
            del lines[place]
            lines = lines or [""]
        elif deed == "swap":
            lines[0], lines[place] = lines[place], lines[0]
        else:
            cells = lines[place].split(",")
            nasty = draw(st.sampled_from(NASTY))
            if deed == "lengthen":
                cells.append(nasty)
            else:
                cells[draw(st.integers(0, len(cells) - 1))] = nasty
            lines[place] = ",".join(cells)
    return "\n".join(lines).encode()


@st.composite
def spoiled_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """Cut, drop, double and overwrite stretches of bytes."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, len(data)))
        last = min(len(data), first + draw(st.integers(0, 40)))
        deed = draw(st.sampled_from(["cut", "drop", "double", "overwrite"]))
        if deed == "cut":
            del data[first:]
        elif deed == "drop":
            del data[first:last]
        elif deed == "double":
            data[first:first] = data[first:last]
        else:
            data[first:last] = draw(st.sampled_from(RAW) | st.binary(max_size=12))
    return bytes(data)


def spoiled(content: bytes) -> st.SearchStrategy[bytes]:
    """Spoil a CSV file one way or the other."""
    return spoiled_cells(content) | spoiled_bytes(content)
