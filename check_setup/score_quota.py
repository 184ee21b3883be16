"""How many placement-score configurations are left, by our own ledger, and what they go to: AWS does not tell."""

from collections.abc import Iterator

import configs
from analysis.health.quota import places_used
from check_setup.finding import Finding, fine, to_do
from collect_sps_and_if.planning.plan_settings import plan_settings
from collect_sps_and_if.planning.policy import PlanSettings
from common.clock import Clock
from common.counted import counted
from data_files.market import polled, standing_queries, standing_scores
from data_files.market.polled import REFUSED
from data_files.market.standing_queries import StandingQueries

_WHAT = "placement-score configurations"
_OF_THE_USER = "standing queries"


def check_score_quota() -> Iterator[Finding]:
    """Reckon what the last 24 hours used; see what the settings leave, and whether AWS refused anything today."""
    now = Clock.start().started
    limit = configs.SPS_CONFIGURATION_LIMIT
    used = places_used(configs.HOME, configs.SPS_REGION, now)[configs.SPS_REGION]
    refused = {row.instance for row in polled.FILES.rows(configs.HOME, now.date()) if row.outcome == REFUSED}
    if refused:
        names = ", ".join(sorted(refused))
        yield to_do(
            _WHAT, f"AWS refused {names} today: another program uses the account's; lower SPS_CONFIGURATION_LIMIT"
        )
    refused = {row.name for row in standing_scores.FILES.rows(configs.HOME, now.date()) if row.outcome == REFUSED}
    if refused:
        names = ", ".join(sorted(map(repr, refused)))
        yield to_do(_OF_THE_USER, f"AWS refused {names} today: the log of the polls has its reason")
    standing = standing_queries.read_standing_queries(configs.HOME)
    # In place of what AWS will count, which the Regions decide that are chosen when they are asked.
    assumed = {query.configuration((query.name,), configs.INSTANCE_COUNT) for query in standing.queries}
    yield from shares(plan_settings(configs.INSTANCE_COUNT, tuple(assumed)), standing)
    yield fine(_WHAT, f"{used} of {limit} used in the last 24 hours, {max(0, limit - used)} left")


def shares(settings: PlanSettings, standing: StandingQueries) -> Iterator[Finding]:
    """Say which lines of the user's file are wrong, and what of the quota goes to what. Pure."""
    for complaint in standing.complaints:
        yield to_do(_OF_THE_USER, complaint)
    limit, always = settings.limit, len(settings.watch) + len(settings.standing)
    carried = counted(settings.most_top, "type")
    takes = f"WATCH_TYPES take {len(settings.watch)} and standing queries {len(settings.standing)} of {limit} places"
    # Each new one takes a place beside the one that yesterday's still occupies.
    a_day = settings.top + 2 * settings.sample
    left = max(0, limit - always)
    sampled = min(settings.sample, (left - min(settings.most_top, left)) // 2)
    if always > limit:
        yield to_do(
            _WHAT, f"{takes}: the last {always - limit} of them wait all day, and nothing is carried over or sampled"
        )
    elif a_day > limit:
        yield to_do(
            _WHAT,
            f"SPS_AND_IF_TOP_K + 2 x SAMPLE_COUNT is {a_day}, past the limit of {limit}: fewer than SAMPLE_COUNT types "
            "will be sampled each day; lower one of them in spot.toml",
        )
    elif settings.sample and not sampled:
        yield to_do(_WHAT, f"{takes}: too few are left for a sample each day, by which the market is explored")
    if always:
        yield fine(
            _WHAT,
            f"{takes}, {left} are left: for {carried} carried over (of {settings.top} set)"
            f" and some {sampled} sampled each day (of {settings.sample})",
        )
