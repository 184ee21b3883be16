"""Archives on S3: read without an account and without a copy on disk; what S3 refuses is told."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from collect_sps_and_if.spotlake.find import s3
from common.errors import Refusal
from tests.collect_sps_and_if.spotlake.archives import (
    csv_bytes,
    scores_of,
    snapshots,
    summary_of,
    write_all,
    write_parquet,
)

ADDRESS = "s3://open-data/data/aws"


@pytest.fixture(scope="module")
def _server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket; the tested code has no credentials, so it cannot sign a request."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", _server)
    boto3.client("s3").create_bucket(Bucket="open-data")
    bucket = boto3.resource("s3").Bucket("open-data")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    s3._client.cache_clear()
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()
    s3._client.cache_clear()


def upload(bucket: Any, folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            bucket.put_object(Key=f"data/aws/{path.relative_to(folder)}", ACL="public-read", Body=path.read_bytes())


@pytest.mark.parametrize("layout", ["open-data", "zip"])
def test_it_gives_what_the_same_files_on_disk_give(layout: str, bucket: Any, tmp_path: Path) -> None:
    write_all(tmp_path, snapshots(30), layout)
    upload(bucket, tmp_path)
    assert scores_of(ADDRESS) == scores_of(tmp_path)


def test_daily_parquet_and_parquet_in_a_zip_are_read(bucket: Any, tmp_path: Path) -> None:
    rows = [row for _, rows in snapshots(30) for row in rows]
    path = write_parquet(tmp_path / "aws-2025-01-01.parquet", rows)
    expected = scores_of(path)
    with zipfile.ZipFile(tmp_path / "month.zip", "w") as archive:
        archive.write(path, "aws-2025-01-01.parquet")
    upload(bucket, tmp_path)
    assert scores_of(f"{ADDRESS}/aws-2025-01-01.parquet") == scores_of(f"{ADDRESS}/month.zip") == expected


def test_an_object_too_large_for_memory_is_named_and_not_read(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(bucket, write_all(tmp_path, snapshots(3), "open-data"))
    bucket.put_object(Key="data/aws/2025/01/02/00-00-00.csv.gz", ACL="public-read", Body=bytes(2000))
    monkeypatch.setattr(s3, "MAX_BYTES", 1999)
    summary = summary_of(ADDRESS)
    assert (summary.files, [skipped.name for skipped in summary.skipped]) == (
        3,
        [f"{ADDRESS}/2025/01/02/00-00-00.csv.gz"],
    )


def test_what_systems_and_editors_leave_about_is_passed_over_silently(bucket: Any, tmp_path: Path) -> None:
    write_all(tmp_path, snapshots(3), "open-data")
    upload(bucket, tmp_path)
    for litter in (".DS_Store", "2025/01/01/.~lock.00-00-00.csv#", "__MACOSX/2025/01/01/00-00-00.csv"):
        bucket.put_object(Key=f"data/aws/{litter}", ACL="public-read", Body=b"what is this")
    summary = summary_of(ADDRESS)
    assert (summary.files, summary.skipped) == (3, [])


def test_of_a_folder_neither_similar_names_nor_folder_markers_are_read(bucket: Any, tmp_path: Path) -> None:
    write_all(tmp_path, snapshots(3), "open-data")
    upload(bucket, tmp_path)
    bucket.put_object(Key="data/aws-old/2025/01/01/01-00-00.csv.gz", ACL="public-read", Body=b"broken")
    bucket.put_object(Key="data/aws/", ACL="public-read", Body=b"")
    summary = summary_of(ADDRESS)
    assert (summary.files, summary.skipped) == (3, [])


def test_an_object_that_is_broken_or_missing_is_named_and_skipped(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(tmp_path, snapshots(3), "open-data")
    upload(bucket, tmp_path)
    bucket.put_object(Key="data/aws/2025/01/01/01-00-00.csv.gz", ACL="public-read", Body=b"broken")
    listed = list(s3.objects(ADDRESS))
    monkeypatch.setattr(s3, "objects", lambda _: iter(listed))
    bucket.Object("data/aws/2025/01/01/00-00-00.csv.gz").delete()
    reasons = {skipped.name[-15:]: skipped.why for skipped in summary_of(ADDRESS).skipped}
    assert reasons["00-00-00.csv.gz"].startswith("S3 answered NoSuchKey")
    assert reasons["01-00-00.csv.gz"].startswith("not a complete .gz")


def test_a_bucket_that_does_not_exist_is_refused_in_one_line(bucket: Any) -> None:
    with pytest.raises(Refusal, match="NoSuchBucket"):
        summary_of("s3://nowhere/data")


def test_an_address_without_a_bucket_is_refused() -> None:
    with pytest.raises(Refusal, match="names no bucket"):
        summary_of("s3://")


def test_an_object_is_fetched_by_ranges_where_one_seeks(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = csv_bytes([row for _, rows in snapshots(200) for row in rows])
    bucket.put_object(Key="x", ACL="public-read", Body=content)
    monkeypatch.setattr(s3, "RANGE_BYTES", 1000)
    file = s3.SeekableObject("s3://open-data/x")
    file.seek(-500, 2)
    assert file.read() == content[-500:]
    file.seek(10)
    assert file.read(3000) == content[10:3010]
