"""Words that the page's charts and its script both write."""

PAIR_SEPARATOR = " · "
"""Stands between instance type and Region in the name of a pair."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

DIRECTIONS = ("more often interrupted", "less often interrupted")
"""What a change of interruption frequency to a higher and to a lower band is called."""
