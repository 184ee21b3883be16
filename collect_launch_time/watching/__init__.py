"""From the request until a probe is decided or timed out: request the instances, look at them every few seconds.

Read `requesting`, `looking` (one look), `region_watch` (the schedule of looks, one thread a Region) and `progress`
(what a terminal shows). Imports `ec2`, `choosing`, `state` and `ending`.
"""
