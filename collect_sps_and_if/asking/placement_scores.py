"""Asks EC2 for placement scores: one configuration, its answer bound to it, and what each kind of failure means."""

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
from data_files.market.configurations import ZONE_SCOPE, Configuration
from data_files.market.polled import ABSENT, FAILED, OK, REFUSED, WAITING

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_ec2.type_defs import GetSpotPlacementScoresRequestTypeDef, SpotPlacementScoreTypeDef

log = logging.getLogger(__name__)

_ACTION = "ec2:GetSpotPlacementScores"
# Within AWS's token bucket for reading calls (100, refilled at 20 a second).
CONCURRENCY = 50
# AWS never gives a next page; an endpoint that does may not keep us for ever.
_MOST_PAGES = 10


class SenselessScores(Exception):
    """What came back is no answer of EC2's, though the parser found nothing to complain about."""


_Place = tuple[str, str | None]
"""A Region, and the id of one of its zones; None stands for the whole Region."""


@dataclass(frozen=True)
class Asked:
    """What came of one configuration: a score or None, and an outcome, by place; the error if there was one.

    Where zones are scored, a Region without any in the answer stands there as a whole.
    """

    configuration: Configuration
    scores: dict[_Place, int | None]
    outcomes: dict[_Place, str]
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
        """Tell whether a place of it has no answer that could be used."""
        return FAILED in self.outcomes.values()


def refused_before(configuration: Configuration) -> Asked:
    """Give what comes of a configuration that AWS refused earlier that day: it is not asked again."""
    return _without_scores(configuration, REFUSED)


def waits(configuration: Configuration) -> Asked:
    """Give what comes of a configuration whose place in the quota is not free yet."""
    return _without_scores(configuration, WAITING)


def ask_all(configurations: Sequence[Configuration], endpoint_region: str, seconds: float) -> list[Asked]:
    """Ask all of them side by side, within the seconds; give each with what came of it.

    Raises Refusal if AWS turns every one of them away for the credentials or for a permission that is missing.
    """
    ask = _asker(aws_client("ec2", endpoint_region, connections=CONCURRENCY))
    outcomes = side_by_side(ask, configurations, concurrency=CONCURRENCY, seconds=seconds)
    answers = list(progress(outcomes, len(configurations), "placement scores"))
    refusals = [outcome.error and aws_refusal.refusal(outcome.error, _ACTION) for outcome in answers]
    if refusals and refusals[0] and all(refusals):
        raise refusals[0]
    return [_meaning(outcome) for outcome in answers]


def _asker(client: EC2Client) -> Callable[[Configuration], list[SpotPlacementScoreTypeDef]]:
    def ask(configuration: Configuration) -> list[SpotPlacementScoreTypeDef]:
        request: GetSpotPlacementScoresRequestTypeDef = {
            "InstanceTypes": list(configuration.instances),
            "TargetCapacity": configuration.target_capacity,
            "TargetCapacityUnitType": "units",
            "SingleAvailabilityZone": configuration.scope == ZONE_SCOPE,
            "RegionNames": list(configuration.regions),
        }
        results: list[SpotPlacementScoreTypeDef] = []
        for _ in range(_MOST_PAGES):
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


def _meaning(outcome: Outcome[Configuration, list[SpotPlacementScoreTypeDef]]) -> Asked:
    asked, error = outcome.question, outcome.error
    if error is None:
        return _read(asked, outcome.answer or [])
    if error_kind.is_final_for_scores(error):
        log.warning("%s refused %s: %s", _ACTION, asked, aws_error.describe(error))
        return _without_scores(asked, REFUSED, error)
    log.warning("%s failed for %s: %s", _ACTION, asked, aws_error.describe(error))
    return _without_scores(asked, FAILED, error)


def _read(asked: Configuration, results: Sequence[SpotPlacementScoreTypeDef]) -> Asked:
    scores: dict[_Place, int | None] = {}
    outcomes: dict[_Place, str] = {}
    for result in results:
        place, score = (result.get("Region", ""), result.get("AvailabilityZoneId") or None), result.get("Score")
        if place[0] not in asked.regions or (place[1] is not None) != (asked.scope == ZONE_SCOPE):
            log.warning("an answer to something that was not asked, to %s: %s", asked, results)
        elif score is None or score not in PLACEMENT_SCORES:
            log.warning("no placement score from 1 to 10, for %s: %s", asked, results)
            scores[place], outcomes[place] = None, FAILED
        else:
            scores[place], outcomes[place] = int(score), OK
    for region in set(asked.regions).difference(region for region, _ in outcomes):
        scores[region, None], outcomes[region, None] = None, ABSENT
    return Asked(asked, scores, outcomes)


def _without_scores(asked: Configuration, outcome: str, error: Exception | None = None) -> Asked:
    places: list[_Place] = [(region, None) for region in asked.regions]
    return Asked(asked, dict.fromkeys(places), dict.fromkeys(places, outcome), error)
