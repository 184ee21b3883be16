"""The bootstrap: SpotLake's public archive, in any of its layouts and any amount, to changes counted per pool.

Imports run one way: `find` (where snapshots are) <- `read` (what is in them) <- `count` (what changes) <- the modules
in this folder. Read those in this order: `bootstrap` is the work from beginning to end; `batches` cuts the archive into
batches of snapshots that follow each other; `summarise` summarises one batch (the map of a map and reduce). That is
done by `workers` on this machine, with `schedule`, `fork_server` and `preloaded`, or by those of a `cluster`.
`provenance` says what the result is made of.

A pool is what one row of SpotLake is about: an instance type in an availability zone of a Region. A snapshot is all
rows of one time, every ten minutes. The archive is CC BY-NC 4.0 (name the source, no commercial use):
https://spotlake.ddps.cloud
"""
