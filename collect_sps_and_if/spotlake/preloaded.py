"""Imported by the process that workers are forked from: loads what each of them needs, machine code included, once."""

import gc

from collect_sps_and_if.spotlake import run  # noqa: F401 - for the forks
from collect_sps_and_if.spotlake.pools import Pools, Values
from collect_sps_and_if.spotlake.snapshot_reader import SnapshotReader
from collect_sps_and_if.spotlake.tally import Tally

_SMALLEST = b"Time,Region,InstanceType,AZ,SPS,IF\n2025-01-01 00:00:00,us-east-1,m5.large,use1-az1,3,3.0\n"

Tally().take(SnapshotReader(Pools(), Values()).read(_SMALLEST, None), 1)

# What the collector never visits stays shared: it writes to whatever it looks at.
gc.collect()
gc.freeze()
