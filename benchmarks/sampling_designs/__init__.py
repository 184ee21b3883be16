"""Which pairs to probe, measured: a month of probes by two designs, and a model fitted on each.

All in simulated time, on the pure functions of the local AWS's market; plans and scores are made by the product's own
policy. Read `observed_market` first (what a caller sees of the market), then `collection` (polls, scores and plans of
each day), `probing` (one probe by the market's launch rules), `designs` (who is probed when) and `judging` (the example
model, fitted and judged). `__main__` runs it.
"""
