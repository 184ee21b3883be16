"""Every change of the spot prices of what is polled and probed, at AWS's own times.

Read `__main__`, `collecting` (a run's steps), `pairs` (of what), `history` (a Region's answer), `changes` (which of it
is new), `stored` (what the files have of it already). Imports run that way down.
"""
