"""User data that makes an instance shut itself down: when does it?"""

import re
from datetime import timedelta

_UNITS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600, "d": 86400}
_SPAN = r"(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|hr|d)?\b"
_POWER_OFF = r"(?:/?\S*/)?(?:shutdown|poweroff|halt|init\s+0|systemctl\s+(?:--\S+\s+)*(?:poweroff|halt))\b"
# shutdown [-h] [-P] +10, or now, or 10
_SHUTDOWN_IN = re.compile(r"\bshutdown\b(?:\s+-{1,2}[A-Za-z]+)*\s+(?:\+(\d+)|(now)|(\d+)(?=\s|$|[;&)\"']))")
_SHUTDOWN_CANCELLED = re.compile(r"\bshutdown\s+(?:-c|--cancel)\b")
_SLEEP_THEN = re.compile(rf"\bsleep\s+{_SPAN}\s*(?:;|&&|\n)\s*(?:sudo\s+)?{_POWER_OFF}")
_TIMER_THEN = re.compile(
    rf"\bsystemd-run\b[^\n]*?--on-(?:active|boot)[= ]['\"]?{_SPAN}['\"]?[^\n]*?\s(?:--\s+)?{_POWER_OFF}"
)
_IMMEDIATELY = re.compile(rf"(?:^|;|&&)\s*(?:sudo\s+)?{_POWER_OFF}", re.MULTILINE)


def shuts_down_after(user_data: str) -> timedelta | None:
    """Return how long after its start an instance with this user data shuts itself down; None: never.

    Understands shell scripts with `shutdown -h +10`, `sleep 600; poweroff`, `systemd-run --on-active=10m … poweroff`;
    where there are several, the earliest counts.
    """
    script = "\n".join(line for line in user_data.splitlines() if not line.lstrip().startswith("#"))
    if not user_data.lstrip().startswith(("#!", "#cloud-config", "Content-Type:", "MIME-Version:")):
        return None  # cloud-init runs nothing else
    waits = [_seconds(*match.groups()) for match in _SLEEP_THEN.finditer(script)]
    waits += [_seconds(*match.groups()) for match in _TIMER_THEN.finditer(script)]
    plain = _TIMER_THEN.sub("", _SLEEP_THEN.sub("", script))
    if not _SHUTDOWN_CANCELLED.search(plain):
        waits += [_shutdown_seconds(match) for match in _SHUTDOWN_IN.finditer(plain)]
        waits += [0.0 for match in _IMMEDIATELY.finditer(_SHUTDOWN_IN.sub("", plain)) if "shutdown" not in match[0]]
    return timedelta(seconds=min(waits)) if waits else None


def _seconds(number: str, unit: str | None) -> float:
    return float(number) * _UNITS[unit or ""]


def _shutdown_seconds(match: re.Match[str]) -> float:
    minutes, now, bare = match.groups()
    return 0.0 if now else 60.0 * int(minutes or bare)
