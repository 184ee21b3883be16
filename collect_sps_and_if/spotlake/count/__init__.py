"""From rows as numbers to the changes of each pool, and from those to scores.

Read in this order: `tally` counts snapshot by snapshot (`compiled_tally` is its machine code), `summary` is what a
batch of snapshots leaves behind, to be merged with the next one's, `scores` ranks what comes out.
"""
