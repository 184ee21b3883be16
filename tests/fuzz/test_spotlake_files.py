"""SpotLake's files, spoiled: what cannot be read is skipped whole and named, and costs no other file anything."""

import gzip
import io
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.count.scores import pair_scores
from tests.collect_sps_and_if.spotlake.archives import csv_bytes, name, snapshots, summary_of
from tests.fuzz.spoiling import lightly, spoiled, spoiled_bytes
from tests.program import ROOT

MADE = snapshots(3)
TEXTS = {time: csv_bytes(rows) for time, rows in MADE}
SPOILED = MADE[1][0]


def _zip(texts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for time, text in texts.items():
            archive.writestr(f"{time[8:10]}/{time[11:].replace(':', '-')}.csv", text)
    return file.getvalue()


def _write(folder: Path, spoiled_content: bytes, layout: str) -> Path:
    for time, text in TEXTS.items():
        path = folder / name(time, layout)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = gzip.compress(text, 1) if path.suffix == ".gz" else text
        path.write_bytes(spoiled_content if time == SPOILED else whole)
    return folder


@lightly(30)
@given(data=st.data())
def test_a_spoiled_snapshot_costs_itself_only(data: st.DataObject, tmp_path: Path) -> None:
    layout = data.draw(st.sampled_from(["plain", "months"]))
    text = data.draw(spoiled(TEXTS[SPOILED]))
    packed = st.just(gzip.compress(text, 1)) | spoiled_bytes(gzip.compress(TEXTS[SPOILED], 1))
    content = text if layout == "plain" else data.draw(packed)
    for old in tmp_path.rglob("*.csv*"):
        old.unlink()
    summary = summary_of(_write(tmp_path, content, layout))
    assert summary.files + len(summary.skipped) == 3
    assert summary.files >= 2
    assert all(str(tmp_path / name(SPOILED, layout)) in item.name and item.why for item in summary.skipped)
    assert all(score.score >= 0 for score in pair_scores(summary))


@lightly(20)
@given(content=spoiled_bytes(_zip(TEXTS)))
def test_a_spoiled_archive_gives_what_is_left_of_it(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "aws-2025-01.zip").write_bytes(content)
    (tmp_path / "aws-2025-02").mkdir(exist_ok=True)
    (tmp_path / "aws-2025-02" / "01").mkdir(exist_ok=True)
    whole = TEXTS[SPOILED].replace(b"2025-01-01", b"2025-02-01")
    (tmp_path / "aws-2025-02" / "01" / "00-10-00.csv").write_bytes(whole)
    summary = summary_of(tmp_path)
    assert summary.files >= 1
    assert all(item.why for item in summary.skipped)


def test_files_that_unpack_without_end_are_skipped_within_bounds(tmp_path: Path) -> None:
    endless = gzip.compress(b"\n" * 100_000_000, 1) * 30  # 3 GB in 30 members
    folder, home = _write(tmp_path / "data", endless, "months"), tmp_path / "home"
    with (
        zipfile.ZipFile(folder / "aws-2025-02.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("01/00-00-00.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(10):
            member.write(b"\n" * 100_000_000)

    # In a new process: a fork of this one would count what is loaded here against its limit.
    command = f"ulimit -v {4 << 20}; exec {shlex.quote(sys.executable)} -m collect_sps_and_if.score_by_spotlake_data"
    ended = subprocess.run(
        ["bash", "-c", f'{command} "$0" --workers 1', str(folder)],
        cwd=ROOT,
        env={**os.environ, "SPOT_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 1, ended
    assert ended.stderr.startswith("score_by_spotlake_data: skipped 2 files, unpacks to more than 512 MB: ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"PK\x03\x04", b"PAR1PAR1", b"\xff" * 100])
@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".zip", ".parquet"])
def test_a_file_of_a_few_bytes_is_named_and_skipped(content: bytes, ending: str, tmp_path: Path) -> None:
    _write(tmp_path, TEXTS[SPOILED], "plain")
    named = {".zip": "aws-2025-03", ".parquet": "aws-2025-03/aws-2025-03-01"}
    path = tmp_path / (named.get(ending, "aws-2025-03/01/00-00-00") + ending)
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(content)
    summary = summary_of(tmp_path)
    assert summary.files == 3
    assert [item.name for item in summary.skipped] == [str(path)]
