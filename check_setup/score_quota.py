"""How many placement-score configurations are left, by our own ledger: AWS does not tell."""

from collections.abc import Iterator

import configs
from analysis.health.quota import places_used
from check_setup.finding import Finding, fine, to_do
from common.clock import Clock
from data_files.market import polled
from data_files.market.polled import REFUSED

WHAT = "placement-score configurations"


def check_score_quota() -> Iterator[Finding]:
    """Reckon what the last 24 hours used; see whether the settings fit the limit, and whether AWS refused any today."""
    now = Clock.start().started
    limit = configs.SPS_CONFIGURATION_LIMIT
    used = places_used(configs.HOME, configs.SPS_REGION, now)[configs.SPS_REGION]
    refused = {row.instance for row in polled.FILES.rows(configs.HOME, now.date()) if row.outcome == REFUSED}
    if refused:
        names = ", ".join(sorted(refused))
        yield to_do(
            WHAT, f"AWS refused {names} today: another program uses the account's; lower SPS_CONFIGURATION_LIMIT"
        )
    # Each new one takes a place beside the one that yesterday's still occupies.
    a_day = configs.SPS_AND_IF_TOP_K + 2 * configs.SAMPLE_COUNT
    if a_day > limit:
        yield to_do(
            WHAT,
            f"SPS_AND_IF_TOP_K + 2 x SAMPLE_COUNT is {a_day}, past the limit of {limit}: fewer than SAMPLE_COUNT types "
            "will be sampled each day; lower one of them in spot.toml",
        )
    yield fine(WHAT, f"{used} of {limit} used in the last 24 hours, {max(0, limit - used)} left")
