"""What can be done with the training table: a baseline that a better model has to beat. Needs the extra `dev`."""

import importlib.util
import sys

_LACKING = [name for name in ("numpy", "pandas", "pyarrow", "sklearn") if importlib.util.find_spec(name) is None]
if _LACKING:
    sys.stderr.write(f"the examples need {', '.join(_LACKING)}: script/install dev\n")
    raise SystemExit(2)
