"""Whether cron starts the programs by the time zone in which they date their files."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from check_setup.finding import Finding, fine, to_do

_WHAT = "cron's time zone"
_SYSTEM = Path("/etc/localtime")

_HALF_A_YEAR = timedelta(days=182)


@dataclass(frozen=True)
class TimeZone:
    """A zone and how people call it."""

    name: str
    zone: tzinfo

    def is_same(self, other: "TimeZone", now: datetime) -> bool:
        """Tell whether both have one time, in summer and in winter."""
        moments = (now, now + _HALF_A_YEAR)
        return all(one.astimezone(self.zone).utcoffset() == one.astimezone(other.zone).utcoffset() for one in moments)


def check_zone(
    variables: Mapping[str, str], environment: Mapping[str, str], now: datetime, system: Path = _SYSTEM
) -> Iterator[Finding]:
    """Compare the zone that cron goes by, the one its programs date by, and the one of whoever runs this.

    variables: those that the crontab sets above our lines.
    """
    try:
        of_cron = _zone_of(variables.get("CRON_TZ") if honours_cron_tz() else None, system)
        of_programs = _zone_of(variables.get("TZ"), system)
        of_ours = _zone_of(environment.get("TZ"), system)
    except ValueError as unknown:
        yield to_do(_WHAT, f"{unknown} is no time zone of this machine: correct TZ or CRON_TZ")
        return
    if not of_cron.is_same(of_programs, now):
        how = "set TZ and CRON_TZ to one zone in the crontab, or neither"
        yield to_do(_WHAT, f"cron starts by {of_cron.name}, the programs date their files by {of_programs.name}: {how}")
    elif not of_ours.is_same(of_programs, now):
        text = f"cron's programs date their files by {of_programs.name}, what you start here by {of_ours.name}"
        yield to_do(_WHAT, f"{text}: unset TZ, or set it in the crontab too")
    else:
        yield fine(_WHAT, f"{of_programs.name}, as here")


def honours_cron_tz() -> bool:
    """Tell whether this machine's cron is one that knows CRON_TZ (cronie); Debian's does not."""
    return shutil.which("crond", path="/usr/sbin:/sbin:/usr/bin") is not None


def _zone_of(name: str | None, system: Path = _SYSTEM) -> TimeZone:
    """Give the zone that TZ names, else the machine's. Raises ValueError with a name that is none."""
    if not name:
        return TimeZone(*_of_machine(system))
    plain = name.removeprefix(":")
    if plain == "UTC":  # known where no zones are installed, too, as in small containers
        return TimeZone(plain, UTC)
    try:
        return TimeZone(plain, _from_file(Path(plain)) if plain.startswith("/") else ZoneInfo(plain))
    except (OSError, KeyError, ValueError):
        raise ValueError(name) from None


def _of_machine(system: Path) -> tuple[str, tzinfo]:
    try:
        zone = _from_file(system)
    except (OSError, ValueError):
        return "UTC", UTC  # what the C library takes where there is none
    place = str(system.resolve())
    return (place.partition("/zoneinfo/")[2] or "the machine's zone"), zone


def _from_file(path: Path) -> tzinfo:
    with path.open("rb") as file:
        return ZoneInfo.from_file(file)
