"""Imported by the process that workers are forked from: loads what each of them needs, machine code included, once.

Nothing else can be done meanwhile, so this is as short as it can be: half a second, most of it numba's own.
"""

import gc
import gzip
import sys
from typing import Any, cast

# On its way numba looks for scipy's linear algebra, and for cffi: a quarter of a second for what we never call.
for needless in ("scipy", "cffi"):
    sys.modules.setdefault(needless, cast(Any, None))
gc.disable()

from collect_sps_and_if.spotlake import summarise  # noqa: E402, F401 - for the forks
from collect_sps_and_if.spotlake.count.tally import Tally  # noqa: E402
from collect_sps_and_if.spotlake.read.gunzip import gunzip  # noqa: E402
from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader  # noqa: E402

_SMALLEST = b"Time,Region,InstanceType,AZ,SPS,IF\n2025-01-01 00:00:00,us-east-1,m5.large,use1-az1,3,3.0\n"

Tally().take(SnapshotReader().read(gunzip(gzip.compress(_SMALLEST)), None), 1)

# What the collector never visits stays shared: it writes to whatever it looks at. Nor is there time to collect first.
gc.freeze()
gc.enable()
