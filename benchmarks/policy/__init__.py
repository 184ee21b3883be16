"""What share of a market's changes a planning policy sees: the product's own planning, replayed over two markets.

`markets` has what a market is to a planner, and one that is made up; `local_market` is the local AWS's own. `replay`
lets a policy plan day after day by what it polled before, within AWS's limit; `figures` says what came of it.
`__main__` runs it.
"""
