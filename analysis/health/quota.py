"""Which places of the quota of placement-score configurations are taken, as the plan counts them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from data_files.market import configurations
from data_files.market.configurations import Ledger
from data_files.timed_rows import timed_rows


def places_used(home: Path, endpoint_region: str, now: datetime) -> dict[str, int]:
    """Count the configurations that occupy a place: of an endpoint Region, and of others that were asked of late.

    Each endpoint Region has a quota of its own. Raises OSError.
    """
    regions = {endpoint_region}
    for day in configurations.days_counted(now):
        path = configurations.FILES.path(home, day)
        regions.update(use.endpoint_region for _, use in timed_rows(configurations.FILES, path))
    used = {region: len(Ledger(home, region).last_uses(now)) for region in sorted(regions)}
    return {region: count for region, count in used.items() if count or region == endpoint_region}
