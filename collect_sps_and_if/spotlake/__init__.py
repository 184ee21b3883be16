"""SpotLake's public archive, in any of its layouts and any amount, to changes counted per pool.

Read in this order: `sources` finds the snapshots, `cutting` parts them into runs of neighbours, `run` summarises one
run (the map, in a process of `workers` or on a `cluster`), `summary` merges the summaries of neighbouring runs,
`scores` ranks what comes out, `account` says what it is made of; `bootstrap` is all of that from beginning to end. The
other rooms turn one kind of content into blocks of numbers: `snapshot_reader`, by `scanner` or `csv_reader`, and
`parquet_reader`.

The archive is public (CC BY-NC 4.0: name the source, no commercial use): https://spotlake.ddps.cloud
"""
