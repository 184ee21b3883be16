"""Where the probe's lock and the id of this installation lie under HOME."""

from pathlib import Path

from data_files.folders import Folders


def probe_folders(home: Path) -> Folders:
    """Give the probe's folders."""
    return Folders(home, "collect_launch_time")


def probe_lock(home: Path) -> Path:
    """Give the lock of the probe and its clean-up."""
    return probe_folders(home).data / "probe.lock"


def installation_file(home: Path) -> Path:
    """Give the file with this installation's id, which its spot requests are tagged with."""
    return probe_folders(home).data / "installation"
