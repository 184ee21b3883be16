"""The row of a probe whose run died before it had written it: `lost`, with what was known before AWS was asked."""

from collect_launch_time.run_context import RunContext
from data_files.launches import probes
from data_files.launches.journal import Entry
from data_files.launches.probes import EndedProbe


def write_lost_probe(run: RunContext, entry: Entry) -> None:
    """Write the row of an open entry's probe, unless it stands already. Raises Unwritable, and OSError for reading.

    The run may have died after it had written the row, and before it closed the entry. An entry that is closed had its
    row; so has one that only AWS knows, if it has no selection, for all we can tell.
    """
    if entry.is_closed:
        return
    row = _row(run, entry)
    if row is None:
        return
    day = row.request_time.date()
    if row.key not in probes.ended_probes(run.home, day):
        probes.FILES.append(probes.FILES.path(run.home, day), [row])


def _row(run: RunContext, entry: Entry) -> EndedProbe | None:
    now = run.clock.now()
    if selected := run.journal.selected(entry):
        return selected.ended(now, probes.LOST)
    is_carried_over = entry.intended is not None and entry.day != entry.intended.date()
    if entry.intended is None or is_carried_over or not entry.instance:
        return None
    # Of an older version, which wrote down no more before it asked. (Once carried over, its request time is forgotten.)
    return EndedProbe(
        request_time=entry.intended,
        region=entry.region,
        instance=entry.instance,
        instance_count=entry.count or None,
        origin=None,
        probability=None,
        until=None,
        timeout=None,
        status_interval=None,
        end_time=now,
        ended=probes.LOST,
    )
