"""The Spot Instance Advisor's file, as a client downloads it."""

import gzip
import json
import urllib.error
import urllib.request
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from tests.stand_in import StandIn


def _get(aws: StandIn, **headers: str) -> tuple[int, Any, bytes]:
    request = urllib.request.Request(
        aws.advisor_url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_the_file_has_the_shape_of_aws_s(aws: StandIn) -> None:
    _, headers, body = _get(aws)
    data = json.loads(body)
    assert headers["Content-Type"] == "application/json"
    assert set(data) == {"global_rate", "instance_types", "ranges", "spot_advisor"}
    assert [(entry["index"], entry["label"], entry["dots"], entry["max"]) for entry in data["ranges"]] == [
        (0, "<5%", 0, 5),
        (1, "5-10%", 1, 11),
        (2, "10-15%", 2, 16),
        (3, "15-20%", 3, 22),
        (4, ">20%", 4, 100),
    ]
    assert data["instance_types"]["m5.large"] == {"emr": False, "cores": 2, "ram_gb": 8.0}
    for systems in data["spot_advisor"].values():
        assert set(systems) == {"Linux", "Windows"}
        for entry in systems["Linux"].values():
            assert set(entry) == {"s", "r"}
            assert 0 <= entry["r"] <= 4
            assert 0 <= entry["s"] <= 100
    assert "mac2.metal" not in data["spot_advisor"]["us-east-1"]["Linux"]
    assert "c7g.large" not in data["spot_advisor"]["us-east-1"]["Windows"]


def test_it_lists_the_types_that_each_region_offers_as_spot(aws: StandIn) -> None:
    listed = set(json.loads(_get(aws)[2])["spot_advisor"]["eu-north-1"]["Linux"])
    pages = (
        aws.client(region="eu-north-1")
        .get_paginator("describe_instance_types")
        .paginate(Filters=[{"Name": "supported-usage-class", "Values": ["spot"]}])
    )
    assert listed == {description["InstanceType"] for page in pages for description in page["InstanceTypes"]}


def test_a_client_that_has_the_file_gets_304_until_it_changes(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    status, headers, body = _get(aws)
    assert status == 200
    for condition in (
        {"If_None_Match": headers["ETag"]},
        {"If_Modified_Since": headers["Last-Modified"]},
    ):
        status, same, empty = _get(aws, **condition)
        assert (status, empty, same["ETag"]) == (304, b"", headers["ETag"])
    assert aws.control.call_count("advisor", "not modified") == 2
    aws.control.set_clock(aws.control.now() + timedelta(days=40))
    status, newer, changed = _get(aws, If_None_Match=headers["ETag"])
    assert status == 200
    assert newer["ETag"] != headers["ETag"]
    assert changed != body
    age = parsedate_to_datetime(newer["Last-Modified"]) - parsedate_to_datetime(headers["Last-Modified"])
    assert timedelta(days=3) < age < timedelta(days=60)


def test_it_is_gzipped_for_a_client_that_accepts_gzip(aws: StandIn) -> None:
    _, plain_headers, plain = _get(aws)
    _, headers, gzipped = _get(aws, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["ETag"] == plain_headers["ETag"]
    assert gzip.decompress(gzipped) == plain
    assert len(gzipped) < len(plain) / 4


@pytest.mark.parametrize("kind", ["truncated", "empty", "html"])
def test_a_broken_file_is_not_json(aws: StandIn, kind: str) -> None:
    aws.control.set_faults({"kind": kind, "action": "advisor"})
    status, _, body = _get(aws)
    assert status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_a_renamed_key_is_json_without_the_advisor(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "renamed_key", "action": "advisor", "limit": 1})
    assert "spot_advisor" not in json.loads(_get(aws)[2])
    assert "spot_advisor" in json.loads(_get(aws)[2])
    assert [(call["action"], call["outcome"]) for call in aws.control.calls()] == [
        ("advisor", "ok"),
        ("advisor", "renamed_key"),
    ]


def test_faults_of_aws_calls_can_be_injected_too(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "server_error", "action": "advisor"})
    assert _get(aws)[0] == 500
    aws.control.set_faults({"kind": "reset", "action": "advisor"})
    with pytest.raises((ConnectionError, urllib.error.URLError)):
        _get(aws)
