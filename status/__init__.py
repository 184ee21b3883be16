"""Is the collection healthy: `__main__` asks `analysis.health`, `screen` writes it for people, `document` as JSON."""
