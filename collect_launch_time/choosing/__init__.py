"""What is probed in this run: everything between the command line and the first request.

Read `preparing` first, then `targets` (a pair, its AMI and network), `candidates` (which pairs, by plan and score),
`selection` (the top, and the draw from the sample, within the budget; `market_prices` asks for what they cost),
`permissions` (may we end what we start) and `ami` (a stored AMI that is gone). Imports `ec2` and `money`.
"""
