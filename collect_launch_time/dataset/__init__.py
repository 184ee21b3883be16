"""The training table: one row per probe and look, with what was known when the request was made.

In this order: `recorded_probes` and `collected_scores` read what was recorded, `time_order` puts days in order, `as_of`
knows what was known when, `joining` makes the rows, `making` does it for all days, `table_writer` writes them.
"""
