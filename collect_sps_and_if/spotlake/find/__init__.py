"""Where SpotLake's snapshots are and when they were taken; nothing in here reads a snapshot.

Read in this order: `times`, `sources`, `ignored_files`, `s3`. `damage` is what `s3`, and the readers in `read`, raise
for one bad file.
"""
