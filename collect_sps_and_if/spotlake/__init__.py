"""SpotLake's public archive, in any of its layouts and any amount, to changes counted per pool.

Read in this order: `sources` finds the snapshots, `cutting` parts them into runs of neighbours, `run` summarises one run
(the map, in a process of its own), `summary` merges the summaries of neighbouring runs (the merge), `score_file` writes
what comes out. The rooms between are about one format each: `content`, `csv_reader`, `parquet_reader`, `scanner`.

The archive is public (CC BY-NC 4.0: name the source, no commercial use): https://spotlake.ddps.cloud
"""
