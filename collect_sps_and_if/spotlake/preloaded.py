"""Loads what workers need in the process that they are forked from: once for all of them.

All workers wait for it, so it does nothing else.
"""

import gc

gc.disable()

from collect_sps_and_if.spotlake.summarise import summarise  # noqa: E402, F401 - for the workers

# Python's garbage collector writes to every object that it visits, which would give each worker a copy of the memory
# they share: it shall not visit those that exist by now. They are not collected first either, since that takes time.
gc.freeze()
gc.enable()
