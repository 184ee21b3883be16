"""Asks EC2 for placement scores: one query, its answer bound to it, and what each kind of failure means."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.aws import aws_error, aws_refusal, error_kind
from common.aws.aws_client import aws_client
from common.side_by_side import Outcome, side_by_side
from common.terminal import progress
from data_files.cells import PLACEMENT_SCORES
from data_files.market.plans import Query
from data_files.market.polled import ABSENT, FAILED, OK, REFUSED, WAITING

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_ec2.type_defs import GetSpotPlacementScoresRequestTypeDef, SpotPlacementScoreTypeDef

log = logging.getLogger(__name__)

ACTION = "ec2:GetSpotPlacementScores"
# Within AWS's token bucket for reading calls (100, refilled at 20 a second).
AT_ONCE = 50
# AWS never gives a next page; an endpoint that does may not keep us for ever.
MOST_PAGES = 10


class SenselessScores(Exception):
    """What came back is no answer of EC2's, though the parser found nothing to complain about."""


@dataclass(frozen=True)
class Asked:
    """What came of one query: a score or None, and an outcome, for each of its Regions; the error if there was one."""

    query: Query
    scores: dict[str, int | None]
    outcomes: dict[str, str]
    error: Exception | None = None

    @property
    def is_refused(self) -> bool:
        """Tell whether AWS refused it for good for this day."""
        return REFUSED in self.outcomes.values()

    @property
    def is_waiting(self) -> bool:
        """Tell whether it was not asked, as its place in the quota is not free yet."""
        return WAITING in self.outcomes.values()

    @property
    def is_failed(self) -> bool:
        """Tell whether a Region of it has no answer that could be used."""
        return FAILED in self.outcomes.values()


def refused_before(query: Query) -> Asked:
    """Give what a query that AWS refused earlier that day comes to: it is not asked again."""
    return _without_scores(query, REFUSED)


def waits(query: Query) -> Asked:
    """Give what a query comes to whose place in the quota is not free yet."""
    return _without_scores(query, WAITING)


def ask_all(queries: Sequence[Query], endpoint_region: str, target_capacity: int, seconds: float) -> list[Asked]:
    """Ask all queries side by side, within the seconds; give each with what came of it.

    Raises Refusal if AWS turns every one of them away for the credentials or for a permission that is missing.
    """
    ask = _asker(aws_client("ec2", endpoint_region, connections=AT_ONCE), target_capacity)
    outcomes = side_by_side(ask, queries, at_once=AT_ONCE, seconds=seconds)
    answers = list(progress(outcomes, len(queries), "placement scores"))
    refusals = [outcome.error and aws_refusal.refusal(outcome.error, ACTION) for outcome in answers]
    if refusals and refusals[0] and all(refusals):
        raise refusals[0]
    return [_meaning(outcome) for outcome in answers]


def _asker(client: EC2Client, target_capacity: int) -> Callable[[Query], list[SpotPlacementScoreTypeDef]]:
    def ask(query: Query) -> list[SpotPlacementScoreTypeDef]:
        request: GetSpotPlacementScoresRequestTypeDef = {
            "InstanceTypes": [query.instance],
            "TargetCapacity": target_capacity,
            "TargetCapacityUnitType": "units",
            "SingleAvailabilityZone": False,
            "RegionNames": list(query.regions),
        }
        results: list[SpotPlacementScoreTypeDef] = []
        for _ in range(MOST_PAGES):
            answer = client.get_spot_placement_scores(**request)
            told: Mapping[str, Any] = answer  # what is no answer may lack what the model promises
            if "SpotPlacementScores" not in told and not told.get("ResponseMetadata", {}).get("RequestId"):
                raise SenselessScores("neither scores nor AWS's request id: a web page, not an answer of EC2")
            results += answer.get("SpotPlacementScores", [])
            if not answer.get("NextToken"):
                break
            request["NextToken"] = answer["NextToken"]
        return results

    return ask


def _meaning(outcome: Outcome[Query, list[SpotPlacementScoreTypeDef]]) -> Asked:
    query, error = outcome.question, outcome.error
    if error is None:
        return _read(query, outcome.answer or [])
    if error_kind.is_final_for_scores(error):
        log.warning("%s refused %s: %s", ACTION, query, aws_error.describe(error))
        return _without_scores(query, REFUSED, error)
    log.warning("%s failed for %s: %s", ACTION, query, aws_error.describe(error))
    return _without_scores(query, FAILED, error)


def _read(query: Query, results: Sequence[SpotPlacementScoreTypeDef]) -> Asked:
    scores: dict[str, int | None] = dict.fromkeys(query.regions)
    outcomes = dict.fromkeys(query.regions, ABSENT)
    for result in results:
        region, score = result.get("Region"), result.get("Score")
        if region not in outcomes or result.get("AvailabilityZoneId"):
            log.warning("an answer to something that was not asked, to %s: %s", query, results)
        elif score is None or score not in PLACEMENT_SCORES:
            log.warning("no placement score from 1 to 10, for %s: %s", query, results)
            outcomes[region] = FAILED
        else:
            scores[region], outcomes[region] = int(score), OK
    return Asked(query, scores, outcomes)


def _without_scores(query: Query, outcome: str, error: Exception | None = None) -> Asked:
    return Asked(query, dict.fromkeys(query.regions), dict.fromkeys(query.regions, outcome), error)
