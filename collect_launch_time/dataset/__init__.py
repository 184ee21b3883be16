"""The training table and the instance table: what came of each probe, with what was known when its request was made.

A program of its own; it reads the files of probes and polls, and calls no AWS. All in arrays, a UTC day after the
other. Read `walk` first, then what it joins: `recorded` (probes) and `market` (scores, frequencies, prices), both read
by `day_stream`; `history` is what was known at a moment. Then the rows: `requests`, `known_columns`, `looks_table`,
`instance_rows`. `numbering` puts numbers for names; `arrow_rows` and `table_writer` write CSV and Parquet. Imports
`folders` only.
"""
