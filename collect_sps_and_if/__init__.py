"""Collects Spot placement scores and interruption frequencies every ten minutes, and ranks the day's pairs at night.

`__main__` starts a `poll`, which asks (`asking/`) what the day's plan says (`planning/`), writes `poll_records` and
ends with a `heartbeat`. `daily_score` is the night's work: it ranks pairs by how much they moved (`scoring`), plans the
next day, and reports (`nightly/`). `score_by_spotlake_data` gives the first ranking, by the archive of others
(`spotlake/`).
"""
