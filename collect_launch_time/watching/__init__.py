"""From the request until a probe is decided or late: ask for the instances, look at them every few seconds.

Read `requesting`, `looking` (one look), `region_watch` (the fixed schedule of looks, one thread a Region) and
`progress` (what a terminal shows). Imports `ec2`, `choosing`, `state` and `ending`.
"""
