"""The Spot Instance Advisor's file, as AWS would publish it for this market."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import md5
from typing import Any

from werkzeug.wrappers import Request, Response

from local_aws.state.world import World

PATH = "/spot-advisor-data.json"

_RANGES = [
    {"index": 0, "label": "<5%", "dots": 0, "max": 5},
    {"index": 1, "label": "5-10%", "dots": 1, "max": 11},
    {"index": 2, "label": "10-15%", "dots": 2, "max": 16},
    {"index": 3, "label": "15-20%", "dots": 3, "max": 22},
    {"index": 4, "label": ">20%", "dots": 4, "max": 100},
]
_HUGE_BYTES = 200_000_000


@dataclass(frozen=True)
class Publication:
    """One edition of the file."""

    published: datetime
    body: bytes
    gzipped: bytes
    etag: str


def advisor_page(world: World, request: Request) -> Response:
    """Answer a request for the file as S3 does: plain, gzipped, or with 304 when the caller has it already."""
    publication = _publication(world, world.advisor.published_at(world.clock.now()))
    is_gzipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(publication.gzipped if is_gzipped else publication.body, content_type="application/json")
    if is_gzipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(publication.etag)
    response.last_modified = publication.published
    return response.make_conditional(request)


def broken_advisor_page(world: World, kind: str) -> Response:
    """Return the file with a fault of this kind: truncated, empty, renamed_key, html or huge."""
    if kind == "empty":
        return Response(b"", content_type="application/json")
    if kind == "html":
        return Response("<html><body><h1>503 Slow Down</h1></body></html>", content_type="text/html")
    if kind == "huge":
        return Response(_huge(), content_type="application/json", headers={"Content-Length": str(_HUGE_BYTES)})
    body = _publication(world, world.advisor.published_at(world.clock.now())).body
    if kind == "truncated":
        return Response(body[: len(body) // 2], content_type="application/json")
    return Response(body.replace(b'"spot_advisor"', b'"spot_adviser"'), content_type="application/json")


def _advisor_data(world: World, published: datetime) -> dict[str, Any]:
    """Return the contents of the edition published at a time."""
    geography = world.geography
    spot_types = sorted(name for name in geography.instance_types if geography.is_spot(name))
    return {
        "global_rate": "<10%",
        "instance_types": {name: _type_entry(geography.instance_types[name]) for name in spot_types},
        "ranges": _RANGES,
        "spot_advisor": {
            region: _region_entry(world, region, spot_types, published)
            for region in geography.regions
            if geography.offered.get(region)
        },
    }


@lru_cache(maxsize=4)
def _publication(world: World, published: datetime) -> Publication:
    body = json.dumps(_advisor_data(world, published)).encode()
    return Publication(published, body, gzip.compress(body, 6, mtime=0), md5(body).hexdigest())  # noqa: S324 - as S3


def _type_entry(description: dict[str, Any]) -> dict[str, Any]:
    return {
        "emr": description["VCpuInfo"]["DefaultVCpus"] >= 4 and not description["BurstablePerformanceSupported"],
        "cores": description["VCpuInfo"]["DefaultVCpus"],
        "ram_gb": description["MemoryInfo"]["SizeInMiB"] / 1024,
    }


def _region_entry(world: World, region: str, instance_types: list[str], published: datetime) -> dict[str, Any]:
    advisor, geography = world.advisor, world.geography
    linux = {
        name: {
            "s": advisor.savings(name, region, published),
            "r": advisor.interruption_index(name, region, published),
        }
        for name in instance_types
        if geography.is_offered(name, region)
    }
    # Windows runs on x86 only, and its licence costs the same on spot.
    windows = {
        name: {"s": round(0.6 * entry["s"]), "r": entry["r"]}
        for name, entry in linux.items()
        if geography.architecture(name) == "x86_64"
    }
    return {"Linux": linux, "Windows": windows}


def _huge() -> Iterator[bytes]:
    chunk = b'{"spot_advisor": ' + b" " * 99_983
    for _ in range(_HUGE_BYTES // len(chunk)):
        yield chunk
