"""Which pairs a run may probe, by the files: those with a score that today's plan polls, and today's sample."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from collect_launch_time.choosing.targets import ProbePair, TargetSettings, is_wanted, ranked_pairs
from common.errors import Refusal
from data_files.launches import refused_pairs
from data_files.market import plans, scores
from data_files.market.plans import BrokenPlan, Query, read_plan

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Candidates:
    """Pairs in the Regions in use whose type matches INSTANCE_PATTERN.

    ranked: highest score first, those that today's plan polls; without a plan, all that have a score. sample: those
    that today's plan polls because they were sampled, whether or not they have a score.
    """

    ranked: list[ProbePair]
    sample: list[ProbePair]

    @property
    def all(self) -> set[ProbePair]:
        """Give every pair, each once."""
        return {*self.ranked, *self.sample}

    def only(self, pairs: Collection[ProbePair]) -> "Candidates":
        """Give those among the pairs."""
        ranked, sample = ([pair for pair in own if pair in pairs] for own in (self.ranked, self.sample))
        return Candidates(ranked, sample)


def candidates(
    home: Path, today: date, settings: TargetSettings, regions: Collection[str], random: Random
) -> Candidates:
    """Give today's candidates, none of what the settings want none of.

    Raises Refusal, which says why, if a top is wanted and there is nothing at all.
    """
    newest = scores.newest(home, today, or_later=True)
    scored = ranked_pairs(newest, regions, settings.pattern, random)
    plan = _plan(home, today)
    sampled = _pairs(query for query in plan or () if query.origin == plans.SAMPLE)
    polled = None if plan is None else set(_pairs(plan))
    ranked = [pair for pair in scored if polled is None or pair in polled]
    sample = [pair for pair in sampled if is_wanted(pair, regions, settings.pattern)]
    found = Candidates(ranked if settings.top_k else [], sample if settings.sample_count else [])
    if settings.top_k and not found.ranked and not found.sample:
        raise Refusal(_why_none(home, has_score=bool(newest), has_pair=bool(scored)))
    return found


def without_refused(found: Candidates, home: Path, today: date) -> Candidates:
    """Leave out the pairs and Regions in which AWS refused a request for good today.

    Raises Refusal, with AWS's reason, if nothing is left.
    """
    refused = {(row.region, row.instance): row for row in refused_pairs.refused(home, today)}
    pairs = found.all
    usable = {pair for pair in pairs if not {(pair.region, None), (pair.region, pair.instance)} & refused.keys()}
    if pairs and not usable:
        reasons = sorted({row.reason or "" for row in refused.values()})
        raise Refusal(
            f"AWS refused for good today whatever could be probed, {refused_pairs.FILES.path(home, today)} lists it"
            f" ({reasons[0]})"
        )
    log.info("%d of %d pairs are passed over: AWS refused them for good today", len(pairs) - len(usable), len(pairs))
    return found.only(usable)


def _plan(home: Path, today: date) -> list[Query] | None:
    try:
        plan = read_plan(home, today)
    except BrokenPlan as broken:  # the next poll makes it anew
        log.warning("today's plan cannot be used: %s", broken)
        return None
    if plan is None:
        log.info("today has no plan yet, so the top is that of all pairs with a score, and nothing is sampled")
    return plan


def _pairs(queries: Iterable[Query]) -> list[ProbePair]:
    """Give the pairs that queries ask for, each once, in an order that does not depend on the file's."""
    return sorted(
        {ProbePair(query.instance, region) for query in queries for region in query.regions},
        key=lambda pair: (pair.region, pair.instance),
    )


def _why_none(home: Path, *, has_score: bool, has_pair: bool) -> str:
    if has_pair:
        return (
            "none of the pairs that today's plan polls has a score (LAUNCH_TOP_K), and none is there to be drawn "
            "(LAUNCH_SAMPLE_COUNT): nothing to probe"
        )
    if has_score:
        return "no pair of the newest score lies in REGIONS and fits INSTANCE_PATTERN (spot.toml): nothing to probe"
    return (
        f"no score to go by: neither a file in {home / scores.FILES.folder} nor {scores.INITIAL.path(home)}; "
        "make a poll first (python -m collect_sps_and_if), whose plan has a sample to draw from"
    )
