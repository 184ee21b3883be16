"""A day as it may be collected, for examples that read the files: clocks change on it."""

import gzip
from pathlib import Path

# The day on which clocks in central Europe go back: two offsets, times with milliseconds and without.
COLLECTED = {
    "collect_sps_and_if/data/sps_and_if/2026-10-25.csv": """\
time,region,instance,sps,if,outcome
2026-10-25T02:50:00+02:00,eu-west-1,m5.large,3,1,ok
2026-10-25T02:00:00+01:00,eu-west-1,m5.large,1,,ok
2026-10-25T02:10:00+01:00,eu-west-1,m5.large,,,failed
""",
    "collect_sps_and_if/data/sps_and_if/2026-10-25.set-aside-1.csv": "time;region\nno;table\n",
    "collect_sps_and_if/data/plan/2026-10-25.csv": """\
instance,regions,origin,probability
m5.large,eu-west-1 us-east-1,sample,0.25
c5.large,eu-west-1,top,1.0
""",
    "collect_sps_and_if/data/score/2026-10-25.csv": """\
region,instance,sps_changes,if_changes,score
eu-west-1,c5.large,9,0,3.0
eu-west-1,m5.large,2,0,0.6666666666666666
us-east-1,m5.large,0,0,0.0
""",
    "collect_launch_time/data/instances/2026-10-25.csv": """\
request_id,instance_id,region,az,instance,request_time,fulfilled_time,running_time,not_ready_time,ready_time,outcome
sir-1,i-1,eu-west-1,euw1-az1,m5.large,2026-10-25T02:59:00+02:00,2026-10-25T02:59:04.100+02:00,\
2026-10-25T02:59:10+02:00,2026-10-25T02:01:04+01:00,2026-10-25T02:01:07.250+01:00,ready
sir-2,,eu-west-1,,m5.large,2026-10-25T02:59:00.500+02:00,,,2026-10-25T02:09:00+01:00,,capacity-not-available
""",
}


def write_collected_day(home: Path) -> None:
    """Write it, and compressed the day before, which is the same but for its date."""
    for name, content in COLLECTED.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content, encoding="utf-8")
        if "set-aside" not in name:
            earlier = gzip.compress(content.replace("2026-10-25", "2026-10-24").encode())
            (home / f"{name.replace('2026-10-25', '2026-10-24')}.gz").write_bytes(earlier)
