"""Loads what workers need, machine code included, in the process that they are forked from: once for all of them.

All workers wait for it, so it does nothing else: it takes half a second, most of it for loading numba. `script/install`
imports it to have the machine code compiled and kept on disk.
"""

import gc
import gzip
import sys
from typing import Any, cast

# numba tries to import scipy, for linear algebra, and cffi: a quarter of a second for what is not used here.
for unused in ("scipy", "cffi"):
    sys.modules.setdefault(unused, cast(Any, None))
gc.disable()

from collect_sps_and_if.spotlake.count.tally import Tally  # noqa: E402
from collect_sps_and_if.spotlake.read.gunzip import gunzip  # noqa: E402
from collect_sps_and_if.spotlake.read.snapshot_reader import SnapshotReader  # noqa: E402
from collect_sps_and_if.spotlake.summarise import summarise  # noqa: E402, F401 - for the workers

# Read and counted once, so that all machine code is loaded, or compiled.
_SNAPSHOT = b"Time,Region,InstanceType,AZ,SPS,IF\n2025-01-01 00:00:00,us-east-1,m5.large,use1-az1,3,3.0\n"
Tally().add(SnapshotReader().read(gunzip(gzip.compress(_SNAPSHOT)), None), 1)

# Python's garbage collector writes to every object that it visits, which would give each worker a copy of the memory
# they share: it shall not visit those that exist by now. They are not collected first either, since that takes time.
gc.freeze()
gc.enable()
