"""The timers that systemd has enabled for this clone are found; without systemd there are none."""

from pathlib import Path

import pytest

from check_setup.scheduling.timers import UNITS, programs_of_timers
from tests.test_crontab import jobs

ENABLED = r"""#!/bin/sh
case "$3" in
  spot-probe@*) echo disabled; exit 1;;
  spot-*@srv-my\\x20spot.timer) echo enabled;;
  *) echo "no such unit" >&2; exit 1;;
esac
"""


def test_the_units_run_what_the_crontab_runs() -> None:
    assert set(UNITS.values()) == set(jobs())


def test_enabled_timers_of_this_clone_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs_of_timers(Path("/srv/my spot")) == set()
    for name, text in {"systemctl": ENABLED, "systemd-escape": "#!/bin/sh\nprintf '%s' 'srv-my\\x20spot'\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    assert programs_of_timers(Path("/srv/my spot")) == set(UNITS.values()) - {"collect_launch_time"}
