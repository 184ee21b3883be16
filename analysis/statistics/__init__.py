"""The statistics of what was measured: how sure a share is, and how a waiting time is spread. Pure; no files.

`wilson` gives the interval of a share, `kaplan_meier` the times at which a share is reached.
"""
