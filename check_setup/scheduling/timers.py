"""Which of our programs systemd's user timers run for this clone."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

# A unit of systemd/ -> the program that it runs.
UNITS: Mapping[str, str] = {
    "poll": "collect_sps_and_if",
    "probe": "collect_launch_time",
    "prices": "collect_spot_price",
    "night": "collect_sps_and_if.daily_score",
    "page": "report",
}

_SECONDS = 10


def programs_of_timers(clone: Path) -> set[str]:
    """Give the programs whose timers are enabled for the clone; none where there is no systemd, or no session of it."""
    if not (shutil.which("systemctl") and shutil.which("systemd-escape")):
        return set()
    instance = _output("systemd-escape", "--path", str(clone))
    return {module for unit, module in UNITS.items() if _is_enabled(f"spot-{unit}@{instance}.timer")}


def _is_enabled(timer: str) -> bool:
    return _output("systemctl", "--user", "is-enabled", timer) == "enabled"


def lingers(user: str) -> bool:
    """Tell whether a user's timers run while the user is not logged in."""
    return _output("loginctl", "show-user", user, "--property=Linger") != "Linger=no"


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
