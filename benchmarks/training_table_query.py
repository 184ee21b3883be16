"""The training table once more, by DuckDB's ASOF joins, for the tests and the benchmark: none of our code is in it.

It reads files as our programs write them, plain or compressed, old
header or new; what is odd in a file is another question (`data_files`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TIME, TEXT, NUMBER = "TIMESTAMPTZ", "VARCHAR", "DOUBLE"

FILES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "look_rows": (
        "collect_launch_time/data/????-??-??.csv*",
        {
            "region": TEXT, "instance": TEXT, "instance_count": NUMBER, "request_time": TIME, "current_time": TIME,
            "ready_instances": NUMBER, "fulfilled_instances": NUMBER, "running_instances": NUMBER,
        },
    ),
    "probe_rows": (
        "collect_launch_time/data/probes/????-??-??.csv*",
        {
            "request_time": TIME, "region": TEXT, "instance": TEXT, "origin": TEXT, "probability": NUMBER,
            "until": TEXT, "timeout": NUMBER, "status_interval": NUMBER, "ended": TEXT,
        },
    ),
    "instance_rows": (
        "collect_launch_time/data/instances/????-??-??.csv*",
        {
            "region": TEXT, "instance": TEXT, "request_time": TIME, "not_ready_time": TIME, "ready_time": TIME,
            "cause": TEXT,
        },
    ),
    "poll_rows": ("collect_sps_and_if/data/polls.csv", {"time": TIME, "seconds": NUMBER}),
    "polled_rows": (
        "collect_sps_and_if/data/sps_and_if/????-??-??.csv*",
        {
            "time": TIME, "region": TEXT, "instance": TEXT, "sps": NUMBER, "if": NUMBER, "target_capacity": NUMBER,
        },
    ),
    "standing_rows": (
        "collect_sps_and_if/data/standing_scores/????-??-??.csv*",
        {"time": TIME, "name": TEXT, "region": TEXT, "az": TEXT, "sps": NUMBER},
    ),
    "definition_rows": (
        "collect_sps_and_if/data/standing_definitions.csv",
        {"time": TIME, "name": TEXT, "instances": TEXT, "target_capacity": NUMBER, "scope": TEXT},
    ),
    "advised_rows": (
        "collect_sps_and_if/data/interruption_frequency/????-??-??.csv*",
        {"time": TIME, "region": TEXT, "instance": TEXT, "if": NUMBER, "savings": NUMBER},
    ),
    "price_rows": (
        "collect_spot_price/data/????-??-??.csv*",
        {"time": TIME, "region": TEXT, "az": TEXT, "instance": TEXT, "usd": NUMBER},
    ),
}  # fmt: skip
"""By view: where the files lie under HOME, and the columns that are read."""

STEPS = """
CREATE TEMP TABLE poll_ends AS
    SELECT epoch_ms(time) AS start, round(1000 * last(seconds)) AS took
    FROM poll_rows WHERE seconds IS NOT NULL GROUP BY ALL;
CREATE TEMP TABLE otherwise AS
    SELECT if(count(*) > 0, 540000, 0) AS took FROM poll_ends;
CREATE TEMP TABLE looks AS
    SELECT epoch_ms(request_time) AS moment, region, instance, instance_count AS asked,
           epoch_ms("current_time") - epoch_ms(request_time) AS after,
           ready_instances AS ready, fulfilled_instances AS fulfilled, running_instances AS running
    FROM look_rows
    WHERE greatest(ready, fulfilled, running, 0) <= asked AND after >= 0
    QUALIFY row_number() OVER (PARTITION BY moment, region, instance, asked, after ORDER BY n DESC) = 1;
CREATE TEMP TABLE requests AS
    SELECT DISTINCT moment, region, instance FROM looks;
CREATE TEMP TABLE pairs AS
    SELECT DISTINCT region, instance FROM looks;
CREATE TEMP TABLE polled AS
    SELECT region, instance, target_capacity, sps, "if", n, epoch_ms(time) AS measured
    FROM polled_rows SEMI JOIN pairs USING (region, instance)
    QUALIFY row_number() OVER (PARTITION BY region, instance, measured ORDER BY n DESC) = 1;
CREATE TEMP TABLE known_polled AS
    SELECT polled.*, measured + coalesce(poll_ends.took, otherwise.took) AS known
    FROM polled LEFT JOIN poll_ends ON start = measured CROSS JOIN otherwise;
CREATE TEMP TABLE defined AS
    SELECT epoch_ms(time) AS since, name, instances, target_capacity, scope FROM definition_rows
    QUALIFY row_number() OVER (PARTITION BY since, name ORDER BY n DESC) = 1;
CREATE TEMP TABLE known_standing AS
    SELECT scored.region, defined.instances AS instance, defined.target_capacity, sps, n, measured,
           measured + coalesce(poll_ends.took, otherwise.took) AS known
    FROM (SELECT *, epoch_ms(time) AS measured FROM standing_rows) AS scored
    ASOF JOIN defined ON scored.name = defined.name AND measured >= defined.since
    SEMI JOIN pairs ON pairs.region = scored.region AND pairs.instance = defined.instances
    LEFT JOIN poll_ends ON start = measured CROSS JOIN otherwise
    WHERE defined.scope = 'region' AND sps IS NOT NULL;
CREATE TEMP TABLE known_advised AS
    SELECT region, instance, "if", savings, n, epoch_ms(time) AS measured,
           epoch_ms(time) + coalesce(poll_ends.took, otherwise.took) AS known
    FROM advised_rows SEMI JOIN pairs USING (region, instance)
    LEFT JOIN poll_ends ON start = epoch_ms(time) CROSS JOIN otherwise;
CREATE TEMP TABLE observed AS
    SELECT 'sps' AS what, region, instance, target_capacity::INT::VARCHAR AS part, measured, known, sps AS value,
           0 AS source, n
    FROM known_polled WHERE sps IS NOT NULL
    UNION ALL
    SELECT 'sps', region, instance, target_capacity::INT::VARCHAR, measured, known, sps, 1, n FROM known_standing
    UNION ALL
    SELECT 'if', region, instance, NULL, measured, known, "if", 0, n FROM known_polled WHERE "if" IS NOT NULL
    UNION ALL
    SELECT 'if', region, instance, NULL, measured, known, "if", 1, n FROM known_advised WHERE "if" IS NOT NULL
    UNION ALL
    SELECT 'savings', region, instance, NULL, measured, known, savings, 1, n
    FROM known_advised WHERE savings IS NOT NULL
    UNION ALL
    SELECT 'usd', region, instance, az, epoch_ms(time), epoch_ms(time), usd, 0, n
    FROM price_rows SEMI JOIN pairs USING (region, instance);
CREATE TEMP TABLE once AS
    SELECT * FROM observed
    QUALIFY row_number() OVER (
        PARTITION BY what, region, instance, part, measured, known ORDER BY source DESC, n DESC
    ) = 1;
CREATE TEMP TABLE in_order AS
    SELECT * FROM once
    QUALIFY measured >= max(measured) OVER (
        PARTITION BY what, region, instance, part ORDER BY known, measured ROWS UNBOUNDED PRECEDING
    );
CREATE TEMP TABLE moved AS
    SELECT *, (value <> lag(value) OVER (PARTITION BY what, region, instance, part ORDER BY known, measured))::INT
              AS is_change
    FROM in_order;
CREATE TEMP TABLE history AS
    SELECT *, coalesce(sum(is_change) OVER so_far, 0) AS changes, count(*) OVER so_far AS looks, coalesce(part, '') AS s
    FROM moved
    WINDOW so_far AS (PARTITION BY what, region, instance, part ORDER BY known, measured ROWS UNBOUNDED PRECEDING);
CREATE TEMP TABLE series AS
    SELECT DISTINCT what, region, instance, s FROM history;
CREATE TEMP TABLE asked AS
    SELECT requests.*, what, s, moment - if(what IN ('if', 'savings'), 30, 1) * 86400000::BIGINT AS since
    FROM requests JOIN series USING (region, instance);
CREATE TEMP TABLE known AS
    SELECT asked.*, now.value, now.part, now.measured, (moment - now.measured) / 1000 AS age,
           now.changes - coalesce(before.changes, 0) AS changes, now.looks - coalesce(before.looks, 0) AS looks
    FROM asked
    ASOF JOIN history AS now
        ON asked.what = now.what AND asked.region = now.region AND asked.instance = now.instance AND asked.s = now.s
        AND moment >= now.known
    ASOF LEFT JOIN history AS before
        ON asked.what = before.what AND asked.region = before.region AND asked.instance = before.instance
        AND asked.s = before.s AND since >= before.known;
CREATE TEMP TABLE score AS
    SELECT known.*, counts.asked
    FROM known JOIN (SELECT DISTINCT moment, region, instance, asked FROM looks) AS counts
    USING (moment, region, instance)
    WHERE what = 'sps'
    QUALIFY row_number() OVER (
        PARTITION BY moment, region, instance, counts.asked
        ORDER BY measured DESC, abs(coalesce(part::INT, 1000000000) - counts.asked), part::INT
    ) = 1;
CREATE TEMP TABLE price AS
    SELECT *, max(value) OVER (PARTITION BY moment, region, instance) AS dearest FROM known WHERE what = 'usd'
    QUALIFY row_number() OVER (PARTITION BY moment, region, instance ORDER BY value, s) = 1;
CREATE TEMP TABLE probes AS
    SELECT *, epoch_ms(request_time) AS moment FROM probe_rows
    QUALIFY row_number() OVER (PARTITION BY moment, region, instance ORDER BY n) = 1;
CREATE TEMP TABLE doings AS
    SELECT epoch_ms(request_time) AS moment, region, instance, bool_or(cause = 'account') AS is_accounts,
           min(if(cause IN ('others', 'us'), coalesce(epoch_ms(not_ready_time) - epoch_ms(request_time), 0), NULL))
               AS ended_after
    FROM instance_rows WHERE ready_time IS NULL AND cause IN ('account', 'others', 'us') GROUP BY ALL;
"""
"""What the table is made of, each step kept: planned as one query, it takes DuckDB many times as long."""

TABLE = """
SELECT
    moment AS request_time, region, instance,
    split_part(instance, '.', 1) AS family, substr(instance, length(family) + 2) AS size, architecture, vcpus,
    looks.asked AS instance_count,
    (moment // 3600000) % 24 AS hour_utc, (moment // 86400000 + 3) % 7 AS weekday_utc,
    score.value AS sps, score.age AS sps_age_seconds, score.changes AS sps_changes_24h,
    frequency.value AS "if", frequency.age AS if_age_seconds, frequency.changes AS if_changes_30d,
    saved.value AS savings, score.part::INT AS sps_target_capacity, score.looks AS sps_looks_24h,
    price.value AS usd, price.age AS usd_age_seconds, price.changes AS usd_changes_24h,
    dearest / nullif(price.value, 0) AS usd_spread,
    origin, probability, until, ended, timeout,
    after / 1000 AS seconds,
    if(is_refused OR until IS NOT DISTINCT FROM 'fulfilled'
       OR after > coalesce(ended_after + coalesce(1000 * status_interval, 0), after), NULL, ready) AS ready_instances,
    if(is_refused, NULL, fulfilled) AS fulfilled_instances,
    if(is_refused OR until IS NOT DISTINCT FROM 'fulfilled', NULL, running) AS running_instances
FROM looks
LEFT JOIN score USING (moment, region, instance, asked)
LEFT JOIN (SELECT * FROM known WHERE what = 'if') AS frequency USING (moment, region, instance)
LEFT JOIN (SELECT * FROM known WHERE what = 'savings') AS saved USING (moment, region, instance)
LEFT JOIN price USING (moment, region, instance)
LEFT JOIN (
    SELECT moment, region, instance, origin, probability, until, ended, timeout, status_interval FROM probes
) USING (moment, region, instance)
LEFT JOIN doings USING (moment, region, instance)
LEFT JOIN families ON families.family = split_part(instance, '.', 1)
LEFT JOIN types ON types.name = instance
CROSS JOIN LATERAL (SELECT coalesce(is_accounts, false) OR ended IS NOT DISTINCT FROM 'refused' AS is_refused)
ORDER BY moment, region, instance, looks.asked, after
"""


def connect(home: Path, families: Mapping[str, str], types: Mapping[str, int]) -> Any:
    """Give a connection in which TABLE can be selected; in the views of the files' rows n numbers them in order."""
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    for view, (place, columns) in FILES.items():
        connection.execute(f"CREATE VIEW {view} AS {_rows(home, place, columns)}")
    connection.execute("CREATE TABLE families (family VARCHAR, architecture VARCHAR)")
    connection.execute("CREATE TABLE types (name VARCHAR, vcpus INT)")
    _fill(connection, "families", list(families.items()))
    _fill(connection, "types", list(types.items()))
    connection.execute(STEPS)
    return connection


def _rows(home: Path, place: str, columns: Mapping[str, str]) -> str:
    if not any(home.glob(place)):
        nothing = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in columns.items())
        return f"SELECT {nothing}, 0 AS n WHERE false"
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    names = ", ".join(f'"{name}"' for name in columns)
    source = f"read_csv('{home}/{place}', union_by_name = true, header = true, types = {{{types}}})"
    return f"SELECT {names}, row_number() OVER () AS n FROM {source}"


def _fill(connection: Any, table: str, rows: Sequence[tuple[str, object]]) -> None:
    if rows:
        values = ", ".join(["(?, ?)"] * len(rows))
        connection.execute(f"INSERT INTO {table} VALUES {values}", [cell for row in rows for cell in row])


def main(home: str, output: str) -> None:
    """Write the table as Parquet."""
    from data_files import instance_tables

    connection = connect(Path(home), instance_tables.family_arch(Path(home)), instance_tables.vcpus(Path(home)))
    connection.execute(f"COPY ({TABLE}) TO '{output}' (FORMAT parquet, COMPRESSION zstd)")
    connection.close()


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)
