"""A number with what it counts, in the singular or the plural."""


def counted(number: int, thing: str, things: str = "") -> str:
    """Write `1 poll`, `1,234 polls`; things is the plural where that is not made by an s."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"
