"""From rows as numbers to the changes of each pool, and from those to scores.

Read in this order: `tally` counts snapshot by snapshot, `summary` is what a batch of snapshots leaves behind, to be
merged with the next one's, `scores` ranks what comes out.
"""
