"""The files of the launch-time probe: what was seen of its instances, what it asked AWS for, what that cost.

`selection` says how a probe was selected, `looks` counts its ready instances over time, `instances` says what became of
each request, `probes` how the probe ended; `journal` is what clean-up goes by, `spending` what a day has cost,
`refused_pairs` what AWS can never grant here. `training_table` and `instance_table` are made of these and of the
market's files.
"""
