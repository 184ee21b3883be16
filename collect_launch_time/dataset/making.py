"""Make the table of all that is recorded under a HOME: the files in order, the join, the rows."""

import heapq
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from collect_launch_time.dataset.as_of import Knowledge, Observation
from collect_launch_time.dataset.collected_scores import CollectedScores
from collect_launch_time.dataset.joining import Row, joined
from collect_launch_time.dataset.recorded_probes import Passed, probed_pairs, read_probes
from collect_launch_time.dataset.time_order import in_time_order
from collect_launch_time.tables import Tables, dated_files
from common.terminal import progress
