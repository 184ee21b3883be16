"""Numbers and ages in words: a number with what it counts, in the singular or the plural; how long ago it was."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def counted(number: int, thing: str, things: str = "") -> str:
    """Write `1 poll`, `1,234 polls`; things is the plural where that is not made by an s."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def ago(seconds: float) -> str:
    """Write `40 s ago`, `12 min ago`, `5 h ago`, `3 days ago`: whole units that have passed; what is to come is now."""
    passed = max(0, int(seconds))
    if passed < 2 * _MINUTE:
        return f"{passed} s ago"
    if passed < 2 * _HOUR:
        return f"{passed // _MINUTE} min ago"
    if passed < 2 * _DAY:
        return f"{passed // _HOUR} h ago"
    return f"{passed // _DAY} days ago"
