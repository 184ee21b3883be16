"""standing_queries.csv as people write it: what is right is read, what cannot be right is named and costs itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_files.market import standing_queries
from data_files.market.standing_queries import HEADER, PLACE, StandingQueries, StandingQuery, read_standing_queries
from tests.fuzz.spoiling import lightly, spoiled

WEB = StandingQuery("web", ("c5.large", "m5.large"), ("eu-west-1", "us-east-1"), 3, "zone")
LINE = "web,m5.large c5.large,us-east-1 eu-west-1,3,zone"


def of(tmp_path: Path, content: str | bytes) -> StandingQueries:
    (tmp_path / PLACE).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_standing_queries(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{LINE}\n",
        f"{HEADER}\n{LINE}",
        f"\ufeff{HEADER}\r\n{LINE}\r\n",
        f"{HEADER}\r{LINE}\r",
        f"\n# ours\n{HEADER}\n\n,,,,\n# web,m5.large\n{LINE},,\n",
        " Name ,Instances ,regions,TARGET_CAPACITY,scope\n web , m5.large  c5.large,us-east-1 eu-west-1, 3.0,zone \n",
        f'{HEADER}\n"web","m5.large,c5.large","us-east-1, eu-west-1","3","zone"\n',
        "scope,name,target_capacity,instances,regions\nzone,web,3,m5.large c5.large,us-east-1 eu-west-1\n",
    ],
    ids=[
        "as told",
        "no last line end",
        "BOM and CRLF",
        "CR",
        "empty lines and notes",
        "blanks",
        "quotes",
        "other order",
    ],
)
def test_a_line_is_read_however_it_was_typed(tmp_path: Path, content: str) -> None:
    assert of(tmp_path, content) == StandingQueries([WEB], [])


@pytest.mark.parametrize(
    "content", [f"{HEADER}\nany,m5.large,,,\n", f"{HEADER}\nany,m5.large\n", "name,instances\nany,m5.large"]
)
def test_what_may_be_empty_may_be_left_out(tmp_path: Path, content: str) -> None:
    assert of(tmp_path, content).queries == [StandingQuery("any", ("m5.large",), (), None, "region")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",m5.large,,,", "name: empty"),
        ("x,,,,", "instances: empty"),
        ("x,m5,,,", "'m5' is no instance type"),
        ("x,m5.large;c5.large,,,", "'m5.large;c5.large' is no instance type"),
        ("x,m5.large,us-east-7a,,", "'us-east-7a' is no AWS Region"),
        (f"x,m5.large,{' '.join(f'eu-west-{number}' for number in range(11))},,", "11 are more than 10"),
        ("x,m5.large,,0,", "'0' is no whole number from 1"),
        ("x,m5.large,,3.5,", "'3.5' is no whole number from 1"),
        ("x,m5.large,,-1,", "'-1' is no whole number from 1"),
        ("x,m5.large,,99999999999,", "is no whole number from 1"),
        ("x,m5.large,,many,", "'many' is no whole number from 1"),
        ("x,m5.large,,,world", "'world' is none of region, zone"),
        ("x,m5.large,10,zone", "'10' is no AWS Region"),
        ("x,m5.large,,,zone,more", "6 cells, but the header has 5"),
        ('x,"m5.large,,,', "no CSV"),
        ("web,m5.large,,,", "the name 'web' is that of line 2"),
        ("x\x07,m5.large,,,", "not all of it can be printed"),
        (f"{'x' * 65},m5.large,,,", "longer than 64"),
        ("x,m5.large\0,,,", "no CSV in UTF-8"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_right_is_named_and_costs_itself_only(tmp_path: Path, line: str, reason: str) -> None:
    found = of(tmp_path, f"{HEADER}\n{LINE}\n\n{line}\nlast,m5.large,,,\n")
    assert [query.name for query in found.queries] == ["web", "last"]
    (complaint,) = found.complaints
    assert complaint.startswith(f"{PLACE}, line 4: ")
    assert reason in complaint


def test_lines_that_are_wrong_for_the_same_reason_are_named_together(tmp_path: Path) -> None:
    found = of(tmp_path, f"{HEADER}\nx,m5,,,\ny,m5,,,\nz,m5.large,,,far\n")
    assert [complaint.partition(": ")[0] for complaint in found.complaints] == [
        f"{PLACE}, lines 2, 3",
        f"{PLACE}, line 4",
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("web,m5.large,us-east-1,3,zone\n", 1),
        ("name;instances;regions;target_capacity;scope\n", 1),
        ("# ours\nname,instances,region,target_capacity,scope\nx,m5.large,us-east-1,,\n", 2),
        ("name,name,instances\n", 1),
        ("name,regions\nx,us-east-1\n", 1),
        (b"\xff\xfen\0a\0m\0e\0", 1),
    ],
    ids=["none", "semicolons", "misspelt", "twice", "one missing", "UTF-16"],
)
def test_without_its_header_nothing_of_the_file_is_asked_and_the_right_one_is_told(
    tmp_path: Path, content: str | bytes, line: int
) -> None:
    found = of(tmp_path, content)
    assert not found.queries
    (complaint,) = found.complaints
    assert complaint.startswith(f"{PLACE}, line {line}: ")
    assert HEADER in complaint


def test_no_file_or_an_empty_one_is_no_query(tmp_path: Path) -> None:
    assert read_standing_queries(tmp_path) == StandingQueries()
    assert of(tmp_path, "\n\n") == StandingQueries()


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / PLACE).mkdir()
    assert "cannot be read" in read_standing_queries(tmp_path).complaints[0]


GOOD = f"{HEADER}\n{LINE}\nany,m5.large,,,\npool,m5.large c5.large r5.large,us-east-1,10,region\n"


@lightly(150)
@given(content=spoiled(GOOD.encode()) | st.binary(max_size=60))
def test_whatever_stands_in_the_file_each_line_is_a_query_or_is_named(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = of(tmp_path_factory.getbasetemp(), content)
    names = [query.name for query in found.queries]
    assert len(names) == len(set(names))
    for query in found.queries:
        assert query.instances
        assert len(query.regions) <= 10
        assert query.target_capacity is None or query.target_capacity >= 1
        assert query.scope in ("region", "zone")
    lines = [line for line, _ in found.wrong]
    assert lines == sorted(set(lines))
    assert all(complaint.isprintable() and len(complaint) < 400 + 8 * len(lines) for complaint in found.complaints)


@lightly(80)
@given(data=st.data())
def test_a_spoiled_line_costs_no_other(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    spoiled_line = data.draw(spoiled(b"x,m5.large,us-east-1,10,region")).replace(b"\n", b" ").replace(b"\r", b" ")
    found = of(tmp_path_factory.getbasetemp(), f"{HEADER}\n{LINE}\n".encode() + spoiled_line + b"\nlast,m5.large,,,\n")
    assert {"web", "last"} <= {query.name for query in found.queries}
    assert all(line == 3 or "is that of line 3" in reason for line, reason in found.wrong)


def test_nothing_but_the_columns_told_is_read() -> None:
    assert [column.name for column in standing_queries.COLUMNS] == HEADER.split(",")
