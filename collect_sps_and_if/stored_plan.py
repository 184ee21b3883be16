"""The plan of a day as its file has it: read with care, since people edit it, and written whole."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from collect_sps_and_if.planning import REGIONS_PER_QUERY, Query
from collect_sps_and_if.tables import PLAN, SAMPLE, TOP, Tables
from common import csv_file, durable_file

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
_INSTANCE = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z0-9-]+")


class BrokenPlan(Exception):
    """The file is there, but is no plan; the text says why."""


def read_plan(tables: Tables, day: date) -> list[Query] | None:
    """Read a day's plan; None if there is none yet. Raises BrokenPlan for a file that holds anything else."""
    path = tables.plan(day)
    if not path.exists():
        return None
    rows = list(csv_file.read(path))
    if not rows or sum(1 for line in path.open("rb") if line.strip()) != len(rows) + 1:
        raise BrokenPlan(f"{path} holds no queries, or torn ones")
    queries = [_query(row) for row in rows]
    if None in queries:
        raise BrokenPlan(f"{path}, line {queries.index(None) + 2}: no query AWS would accept")
    return list({(query.instance, query.regions): query for query in queries if query}.values())


def write_plan(tables: Tables, day: date, queries: Iterable[Query]) -> None:
    """Put a day's plan in place, whole. Raises Unwritable."""
    rows = [(query.instance, " ".join(query.regions), query.origin, query.probability) for query in queries]
    durable_file.replace(tables.plan(day), csv_file.render(PLAN, rows))


def _query(row: Mapping[str, str]) -> Query | None:
    regions = tuple(sorted(set(row.get("regions", "").split())))
    is_askable = 0 < len(regions) <= REGIONS_PER_QUERY and all(_REGION.fullmatch(region) for region in regions)
    if not is_askable or not _INSTANCE.fullmatch(row.get("instance", "")) or row.get("origin") not in (TOP, SAMPLE):
        return None
    try:
        probability = float(row["probability"]) if row.get("probability") else None
    except ValueError:
        return None
    if probability is not None and not 0 <= probability <= 1:
        return None
    return Query(row["instance"], regions, row["origin"], probability)
