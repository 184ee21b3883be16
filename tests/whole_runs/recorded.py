"""What a run of the probe has recorded, held against the stand-in's truth."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from data_files.csv_table import DatedFiles
from data_files.launches import probes, selection
from data_files.launches.instances import FILES as INSTANCES
from data_files.launches.instances import InstanceRow
from data_files.launches.probes import EndedProbe
from tests.whole_runs.probe_stage import Stage

CLOCKS = timedelta(seconds=0.05)  # each process reads the wall clock once, at its start


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def rows(stage: Stage, files: DatedFiles[Any]) -> list[Any]:
    return [row for day in files.days(stage.home) for row in files.rows(stage.home, day)]


def ended(stage: Stage) -> dict[tuple[str, str], EndedProbe]:
    """Give the probes by type and Region, each of which must have been probed once."""
    found = {(row.instance, row.region): row for row in rows(stage, probes.FILES)}
    assert len(found) == len(rows(stage, probes.FILES))
    return found


def every_instance_is_recorded_as_it_was(stage: Stage) -> None:
    """Hold every time of `instances` against the truth: the intervals by our clock, and the moments by AWS's own."""
    requests = {request["request_id"]: request for request in stage.aws.control.truth()["spot_requests"]}
    for row, truth in instances_with_truth(stage):
        for happened, last_no, first_yes in (
            ("fulfilled", row.not_fulfilled_time, row.fulfilled_time),
            ("running", row.not_running_time, row.running_time),
            ("all_ok", row.not_ready_time, row.ready_time),
        ):
            assert last_no
            assert row.request_time <= last_no
            if truth[happened]:
                assert last_no - CLOCKS < at(truth[happened]), happened
            if first_yes:
                assert at(truth[happened]) <= first_yes + CLOCKS, happened
        assert row.aws_request_time == to_the_second(requests[row.request_id]["created"])
        assert row.aws_launch_time == to_the_second(truth["fulfilled"])
        codes = {status["code"]: status["time"] for status in requests[row.request_id]["statuses"]}
        # Where no look saw it fulfilled before it was cancelled, AWS's answers tell of the cancel only.
        is_unseen = row.outcome is None or row.outcome.startswith("pending-")
        assert row.aws_fulfilled_time == (None if is_unseen else to_the_second(codes["fulfilled"]))


def instances_with_truth(stage: Stage) -> Iterator[tuple[InstanceRow, dict[str, Any]]]:
    """Give each recorded instance with what the stand-in knows of it."""
    truth = {shown["instance_id"]: shown for shown in stage.aws.control.truth()["instances"] if not shown["decoy"]}
    recorded = {row.instance_id: row for row in rows(stage, INSTANCES) if row.instance_id}
    assert recorded.keys() == truth.keys()
    return ((row, truth[instance_id]) for instance_id, row in recorded.items())


def probes_without_their_one_row(stage: Stage) -> list[str]:
    """Give what is wrong with `probes`: each probe that AWS was asked for has one row, and no other has any."""
    asked = {request["client_token"] for request in stage.aws.control.truth()["spot_requests"]}
    selected = rows(stage, selection.FILES)
    written = Counter(row.key for row in rows(stage, probes.FILES))
    wrong = [
        f"{row.token}: {written[row.request_time, row.region, row.instance]} rows"
        for row in selected
        if row.token in asked and written[row.request_time, row.region, row.instance] != 1
    ]
    known = {(row.request_time, row.region, row.instance) for row in selected}
    return wrong + [f"{key}: {number} rows" for key, number in written.items() if number > 1 or key not in known]


def to_the_second(text: str) -> datetime:
    """Give a moment as AWS's answers have it."""
    return at(text).astimezone(UTC).replace(microsecond=0)
