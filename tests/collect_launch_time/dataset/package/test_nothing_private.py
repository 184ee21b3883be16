"""No id, address, path or secret reaches the package, wherever in the files or settings such a text may stand."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_files.launches import instances, journal, looks, refused_pairs, selection
from data_files.market import mailed, polled
from tests.collect_launch_time.dataset.package.small_home import (
    DAYS,
    ZONE,
    AnyTable,
    add,
    sane_cells,
    text_columns,
    write_small_home,
)
from tests.data_files.every_table import all_tables
from tests.program import run

pytestmark = pytest.mark.whole_run

ACCOUNT, REQUEST, INSTANCE, TAG = (
    "210987654321",
    "sir-zq8x7w6v",
    "i-0fedcba9876543210",
    "9b2f6c1e-77aa-4c3d-9e1f-0a1b2c3d4e5f",
)
PLANTED = {
    "account": ACCOUNT,
    "request": REQUEST,
    "instance": INSTANCE,
    "tag": TAG,
    "subnet": "subnet-0aa1bb2cc3dd4ee5f",
    "key": "AKIAPLANTEDPLANTED12",
    "arn": f"arn:aws:iam::{ACCOUNT}:role/planted-role",
    "address": "planted@example.com",
    "path": "/home/planted/spot",
    "secret": "plantedSecret0123456789abcdefPlanted",
    "url": "https://hooks.example.com/planted/services",
}
SETTINGS = {
    "SPOT_HEARTBEAT_URL": "https://heartbeat.example.com/planted-heartbeat",
    "SPOT_NOTIFY_URLS": "slack://planted-token",
    "SPOT_SMTP_PASSWORD": "planted-password",
    "SPOT_SMTP_SENDER": "planted-sender@example.com",
    "SPOT_SMTP_RECIPIENTS": "planted-recipient@example.com",
    "AWS_ACCESS_KEY_ID": "AKIAPLANTEDINUSE1234",
    "AWS_SECRET_ACCESS_KEY": "planted-secret-access-key",
    "AWS_SESSION_TOKEN": "planted-session-token",
}
_WORDS = "planted"


def _spoilt(table: AnyTable) -> Iterator[dict[str, str]]:
    """Give rows of which one text is none that may be published, alone and within words of AWS's."""
    for column in text_columns(table):
        for number, text in enumerate(PLANTED.values()):
            row = sane_cells(table, datetime(2026, 3, 1, 12, tzinfo=ZONE), number)
            yield {**row, column.name: text}
            yield {**row, column.name: f"You are not authorized: {text}; see {text}."}
            yield {**row, column.name: f"us-east-1 {text}"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("planted-home") / f"planted-{ACCOUNT}"
    write_small_home(home)
    for table in all_tables():
        add(home, table, DAYS[1], list(_spoilt(table)))
    (home / "collect_launch_time" / "data" / "installation").write_text(f"{TAG}\n")
    (home / "spot.toml").write_text('SMTP_SENDER = "planted-in-toml@example.com"\n')
    folder = tmp_path_factory.mktemp("published") / "package"
    done = run(
        "collect_launch_time.dataset", "--package", str(folder), environment={"SPOT_HOME": str(home), **SETTINGS}
    )
    assert done.stderr.startswith("dataset: rows that make no sense were passed over: polled_scores "), done.stderr
    assert (done.code, done.stderr.count("\n")) == (1, 1)  # a Region of such a name makes no sense
    return folder


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Give every file's bytes as they lie there, and of Parquet all that is in them: cells, metadata, statistics."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes().decode("latin-1")
        if path.suffix == ".parquet":
            file = pq.ParquetFile(path)
            groups = [file.metadata.row_group(number).to_dict() for number in range(file.num_row_groups)]
            yield path.name, f"{file.read().to_pydict()} {file.schema_arrow.metadata} {groups}"


def test_nothing_that_was_planted_is_in_any_file(package: Path) -> None:
    planted = {*PLANTED.values(), *SETTINGS.values(), _WORDS, "sir-", ACCOUNT}
    found = [(name, text) for name, content in _texts(package) for text in planted if text.lower() in content.lower()]
    assert not found


def test_words_of_aws_are_in_no_file(package: Path) -> None:
    assert not [name for name, content in _texts(package) if "authorized" in content]


def test_the_rows_that_make_sense_are_there_all_the_same(package: Path) -> None:
    rows = pq.read_table(package / "instances" / "2026-03.parquet").to_pylist()
    assert {row["outcome"] for row in rows} == {"capacity-not-available", None}
    assert {row["az"] for row in rows} == {"euw1-az1", None}
    refused = pq.read_table(package / "refused_pairs" / "2026-03.parquet").to_pylist()
    assert {row["code"] for row in refused} == {"Unsupported", None}
    scores = pq.read_table(package / "polled_scores" / "2026-03.parquet").to_pylist()
    assert {(row["region"], row["instance"]) for row in scores} == {("eu-west-1", "m5.large")}


def test_the_files_that_were_planted_have_such_texts_in_every_column_of_words() -> None:
    assert {column.name for column in text_columns(refused_pairs.FILES)} == {"region", "instance", "code", "reason"}
    assert {"request_id", "instance_id", "az", "outcome", "reason"} < {
        column.name for column in text_columns(instances.FILES)
    }
    others: tuple[AnyTable, ...] = (journal.FILES, selection.FILES, mailed.FILE, looks.FILES, polled.FILES)
    assert all(text_columns(table) for table in others)
