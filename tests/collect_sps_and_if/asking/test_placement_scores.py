from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from collect_sps_and_if.asking.placement_scores import Asked, ask_all
from common.files import csv_file
from data_files.market.configurations import ZONE_SCOPE, Configuration
from tests.program import run

ASKED = Configuration("m5.large", ("eu-west-1", "us-east-1"), 10)
AWS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_EC2_METADATA_DISABLED": "true"}


@contextmanager
def answering(body: str) -> Iterator[str]:
    """Answer every call with HTTP 200 and the body, a counter put into it; give the address."""
    numbers = count()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer = body.replace("#", str(next(numbers))).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def asked(body: str, monkeypatch: pytest.MonkeyPatch, configuration: Configuration = ASKED) -> Asked:
    with answering(body) as address:
        for name, value in {**AWS, "AWS_ENDPOINT_URL": address}.items():
            monkeypatch.setenv(name, value)
        # The SDK's pauses between tries, which last as long as the dice say.
        monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _seconds: None))
        (one,) = ask_all([configuration], "us-east-1", seconds=30)
    return one


@pytest.mark.parametrize(
    "set_of_scores", ["<spotPlacementScoreSet/>", ""], ids=["an empty set", "an empty set left out"]
)
def test_an_answer_without_the_pair_is_absent(set_of_scores: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"<GetSpotPlacementScoresResponse><requestId>r-1</requestId>{set_of_scores}</GetSpotPlacementScoresResponse>"
    one = asked(body, monkeypatch)
    assert one.outcomes == {("eu-west-1", None): "absent", ("us-east-1", None): "absent"}
    assert not one.is_failed


@pytest.mark.parametrize("body", ["<html><body>Please log in</body></html>", "<a/>"])
def test_a_web_page_in_place_of_an_answer_is_failed_and_not_absent(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = asked(body, monkeypatch)
    assert one.outcomes == {("eu-west-1", None): "failed", ("us-east-1", None): "failed"}
    assert "web page" in str(one.error)


def _scores(*results: tuple[str, str, int]) -> str:
    items = "".join(
        f"<item><region>{region}</region>{f'<availabilityZoneId>{zone}</availabilityZoneId>' if zone else ''}"
        f"<score>{score}</score></item>"
        for region, zone, score in results
    )
    return (
        "<GetSpotPlacementScoresResponse><requestId>r-1</requestId>"
        f"<spotPlacementScoreSet>{items}</spotPlacementScoreSet></GetSpotPlacementScoresResponse>"
    )


def test_zones_have_scores_of_their_own_and_a_region_without_any_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    by_zone = Configuration("c5.large m5.large", ("eu-west-1", "us-east-1"), 10, ZONE_SCOPE)
    one = asked(_scores(("us-east-1", "use1-az1", 3), ("us-east-1", "use1-az2", 11)), monkeypatch, by_zone)
    assert one.scores == {("us-east-1", "use1-az1"): 3, ("us-east-1", "use1-az2"): None, ("eu-west-1", None): None}
    assert set(one.outcomes.values()) == {"ok", "failed", "absent"}


def test_a_zones_score_is_no_answer_to_a_question_about_regions_nor_the_other_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert set(asked(_scores(("us-east-1", "use1-az1", 3)), monkeypatch).outcomes.values()) == {"absent"}
    by_zone = Configuration("m5.large", ("us-east-1",), 10, ZONE_SCOPE)
    assert set(asked(_scores(("us-east-1", "", 3)), monkeypatch, by_zone).outcomes.values()) == {"absent"}


def test_answers_garbled_each_in_its_own_way_are_one_line(tmp_path: Path) -> None:
    plan = tmp_path / "collect_sps_and_if/data/plan/2026-03-01.csv"
    plan.parent.mkdir(parents=True)
    rows = [(instance, "eu-west-1 us-east-1", "sample", 1.0) for instance in ("c5.large", "m5.large", "r5.large")]
    plan.write_text(csv_file.render(("instance", "regions", "origin", "probability"), rows))
    with answering("garbled answer #") as address:
        ended = run(
            "collect_sps_and_if",
            environment={
                **AWS, "AWS_ENDPOINT_URL": address, "SPOT_ADVISOR_URL": address, "SPOT_HOME": str(tmp_path),
                "SPOT_NOW": "2026-03-01T00:10:00",
            },
        )  # fmt: skip
    assert ended.code == 1
    assert [line.split(":")[1].strip() for line in ended.stderr.splitlines()] == [
        "3 of 3 placement-score queries failed",
        "no interruption frequency from http",
    ]
