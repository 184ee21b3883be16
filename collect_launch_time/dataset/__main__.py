"""The training table: one row per probe and look, with what was known when the request was made.

Reads what the probe and the polls recorded under HOME. Without --output it prints CSV; the ending of FILE says whether
it becomes CSV or Parquet. What each column means: --columns.
"""

import argparse
import heapq
import sys
from collections.abc import Iterator
from pathlib import Path

import configs
from collect_launch_time.dataset.columns import data_dictionary
from collect_launch_time.tables import Tables, dated_files
from common.clock import Clock
from common.exit_code import DONE, Refusal, leave
from common.run_log import start_log, tell
from common.terminal import progress, say, show


def main() -> int:
    """Make the table, say how many rows it has."""
    arguments = _arguments()
    if arguments.columns:
        show(data_dictionary())
        return DONE
    ending = _ending(arguments.output)
    tables = Tables(configs.HOME)
    start_log(tables.log, Clock.start().started)
    if not dated_files(tables.data):
        raise Refusal(f"no probe is recorded under {tables.data} yet: python -m collect_launch_time makes one")
    if arguments.output is None:
        _write_to_stdout(tables)
    else:
        _write_file(tables, arguments.output, ending)
    return DONE
