"""The training table: one row per probe and look, with what was known when the request was made.

A program of its own; it reads the files of probes and polls, and calls no AWS. Read `table_rows` first, then what it
joins: `recorded_probes` and `collected_scores`, each read by `time_order`; then `as_of` (what was known at a moment),
`joining` (rows) and `table_writer` (CSV and Parquet). Imports `folders` only.
"""
