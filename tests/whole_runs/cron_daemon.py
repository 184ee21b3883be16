"""Debian's own cron, in a mount namespace of its own: it sees one crontab, and nobody else's sees it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

CRON = Path("/usr/sbin/cron")

# Private from here to its end: an empty spool, no system crontabs, a pid file of its own, PAM without the machine's
# sessions (containers have none), and a sendmail that keeps what cron would mail.
_BEGIN = """
set -e
mount --bind "$STAGE/spool" /var/spool/cron/crontabs
mount --bind "$STAGE/empty" /etc/cron.d
mount --bind "$STAGE/nothing" /etc/crontab
mount --bind "$STAGE/run" "$(readlink -f /var/run)"
mount --bind "$STAGE/pam" /etc/pam.d/cron
mount --bind "$STAGE/sbin" /usr/sbin
cd /
exec env -i PATH=/usr/bin:/bin /usr/sbin/cron -f
"""

_SENDMAIL = """#!/bin/sh
cat >> "{mail}"
"""


def why_not() -> str | None:
    """Say why cron cannot be run here, if it cannot."""
    if not CRON.exists():
        return "there is no /usr/sbin/cron here: apt-get install cron"
    if not Path("/etc/crontab").exists() or not Path("/etc/pam.d/cron").exists():
        return "this cron is not Debian's"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        return "cron is run in a mount namespace of its own, which only root may make"
    return None


def crontab_is_accepted(crontab: str) -> bool:
    """Ask Debian's own `crontab` whether it would install this, without installing it."""
    # Not by a file's name, of which it takes the first hundred characters.
    asked = subprocess.run(["crontab", "-n", "-"], input=crontab, text=True, capture_output=True, check=False)
    return asked.returncode == 0


class CronDaemon:
    """A cron that was just started, as after a reboot, for root's crontab alone."""

    def __init__(self, stage: Path, crontab: str) -> None:
        self.mail = stage / "mail"
        self.mail.write_text("")
        for folder in ("spool", "empty", "run", "sbin"):
            shutil.rmtree(stage / folder, ignore_errors=True)
            (stage / folder).mkdir()
        (stage / "nothing").touch()
        (stage / "pam").write_text("account required pam_permit.so\nsession required pam_permit.so\n")
        shutil.copy2(CRON, stage / "sbin" / "cron")
        sendmail = stage / "sbin" / "sendmail"
        sendmail.write_text(_SENDMAIL.format(mail=self.mail))
        sendmail.chmod(0o755)
        spooled = stage / "spool" / "root"
        spooled.write_text(crontab)
        spooled.chmod(0o600)
        self._process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "bash", "-c", _BEGIN],
            env={**os.environ, "STAGE": str(stage)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds; tell whether it did in time."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline or self._process.poll() is not None:
                return False
            time.sleep(0.1)
        return True

    def is_idle(self) -> bool:
        """Tell whether every job has ended, and its mail is sent."""
        pid = self._process.pid  # unshare, bash and cron follow each other in one process
        return not Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

    def stop(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=10)
