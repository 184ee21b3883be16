"""A span of time in the words people use for it."""

from datetime import timedelta


def in_words(age: timedelta) -> str:
    """Write minutes up to two hours, hours up to two days, then days: `3 min`, `5 h`, `9 days`; never below 0."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
