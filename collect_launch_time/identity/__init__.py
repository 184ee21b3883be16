"""Who this installation is: an id for one folder of one machine, so that a copy never ends the original's probes.

Read `place` (which folder of which machine this is), `installation` (the file with the id and the place it was made
for), `claiming` (what a run does that finds the id of another place). Imports no other folder of this package.
"""
