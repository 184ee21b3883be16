"""Settings and arguments: whatever people write there, it is right or refused in one line."""

import re
import runpy
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common import settings
from common.clock import Clock
from common.errors import Refusal
from tests.fuzz.spoiling import INPUTS, NASTY, lightly
from tests.program import ROOT, Fork, no_longer_than

CHECKS = {
    "whole number": settings.whole_number(0, 1000),
    "number": settings.number(0.5, 1000),
    "folder": settings.folder,
    "Region": settings.region,
    "Regions": settings.regions,
    "pattern": settings.pattern,
    "URL": settings.url,
    "host": settings.host,
    "mail addresses": settings.mail_addresses,
    "mail address": settings.mail_address,
    "ids by Region": settings.ids_by_region("subnet"),
}
NAMES = sorted(set(re.findall(r'setting\(\s*"(\w+)"', (ROOT / "configs.py").read_text())))

# What an environment can hold: no NUL, and no half of a pair.
texts = st.sampled_from([one for one in NASTY if "\0" not in one]) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30
)


@lightly(150)
@given(st.sampled_from(sorted(CHECKS)), st.sampled_from(NASTY) | st.text(max_size=40))
@example("URL", "http://[")
@example("URL", "http://x:99999")
@example("pattern", "(" * 5000)
@example("folder", "~nobody-of-that-name/x")
@example("folder", "x" * 5000)
@example("folder", "\ud800")
def test_a_check_takes_a_text_or_says_what_it_wants(kind: str, text: str) -> None:
    try:
        CHECKS[kind](text)
    except ValueError as reason:
        assert 0 < len(str(reason)) < 20_500  # noqa: PT017 - the reason is what people read


@lightly(75)
@given(st.dictionaries(st.sampled_from(NAMES), texts, min_size=1, max_size=3))
def test_configs_is_right_or_refused_naming_the_setting(wrong: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, text in wrong.items():
            patch.setenv(f"SPOT_{name}", text)
        for name in [name for name in sys.modules if name == "configs"]:
            patch.delitem(sys.modules, name)
        try:
            runpy.run_path(str(ROOT / "configs.py"))
        except Refusal as refusal:
            assert any(f"SPOT_{name}" in str(refusal) for name in wrong)  # noqa: PT017 - the line is the point


# What TOML can say, right and wrong, and files that are none.
toml_values = st.recursive(
    st.sampled_from(
        ["true", "1", "-0.5", "nan", "1979-05-27", '"x"', "'x'", '"us-east-1"', '"\\u0000"', "", '"""\nx\n"""']
    ),
    lambda values: (
        st.lists(values, max_size=3).map(lambda found: f"[{', '.join(found)}]")
        | st.lists(values, max_size=2).map(
            lambda found: "{" + ", ".join(f"k{i} = {v}" for i, v in enumerate(found)) + "}"
        )
    ),
    max_leaves=6,
)
toml_lines = st.tuples(st.sampled_from([*NAMES, "regions", "REGION", "a.b", "[smtp]", "é"]), toml_values).map(
    " = ".join
)


@lightly(150)
@given(st.lists(toml_lines, max_size=4).map("\n".join).map(str.encode) | st.binary(max_size=60))
@example(b"REGIONS = " + b"[" * 5000)
@example(b"\xef\xbb\xbfTIMEOUT = 60\r\n")
@example(b"TIMEOUT = " + b"9" * 5000)
@example(b"LAUNCH_SUBNETS = {a = {b = [{c = 1}]}}")
def test_any_file_of_settings_is_right_or_refused_in_one_line_that_names_it(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        (Path(home) / "spot.toml").write_bytes(content)
        patch.setenv("SPOT_HOME", home)
        try:
            runpy.run_path(str(ROOT / "configs.py"))
        except Refusal as refusal:
            assert f"{home}/spot.toml" in str(refusal)  # noqa: PT017 - the line is the point


@lightly(75)
@given(st.sampled_from(NASTY) | st.text(max_size=30) | st.datetimes().map(str))
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59-14:00")
def test_a_played_time_is_a_time_or_refused(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if "\0" in text:
            return
        patch.setenv("SPOT_NOW", text)
        try:
            clock = Clock.start()
            assert clock.now() - clock.started > timedelta(milliseconds=-1)
            assert clock.started - timedelta(days=400) < clock.started + timedelta(days=400)
        except Refusal as refusal:
            assert "SPOT_NOW" in str(refusal)  # noqa: PT017 - the line is the point


PROGRAMS = {
    "collect_sps_and_if": ["--no-such", "x", "-", "--help=1"],
    "collect_sps_and_if.daily_score": ["--date", "--date=", "--date=2026-02-30", "--date=²", "--date=0", "x"],
    "collect_sps_and_if.score_by_spotlake_data": ["--workers=0", "--workers=-1", "/no/such", "--scheduler="],
    "collect_launch_time": ["0", "-1", "²", "1e3", "9" * 5000, "--until", "--until=never", "3 4"],
    "collect_launch_time.dataset": ["--output", "--output=x.xlsx", "--output=/no/such/x.csv", "x"],
    "instance_arch_and_ami_id.get_family_arch": ["--write=1", "x"],
    "instance_arch_and_ami_id.get_ami_id": ["--write=1", "x"],
    "report": ["x", "--no-such"],
    "check_setup": ["x", "--no-such"],
}  # fmt: skip
CASES = [(program, argument) for program, arguments in PROGRAMS.items() for argument in arguments]


@pytest.mark.parametrize(("program", "argument"), CASES[:: 1 if INPUTS else 2])
def test_a_senseless_argument_is_refused_before_anything_is_done(program: str, argument: str, tmp_path: Path) -> None:
    environment = {"SPOT_HOME": str(tmp_path), "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    with no_longer_than(60):
        ended = Fork(program, argument, environment=environment).end()
    assert ended.code == 2, ended
    assert "Traceback" not in ended.stderr
    assert "a defect" not in ended.stderr
    assert not list(tmp_path.rglob("*.csv"))
