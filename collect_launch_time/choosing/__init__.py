"""What is probed in this run: everything between the command line and the first request.

Read `preparing` first, then `targets` (which pairs), `selection` (which of them have a price and fit into the budget),
`permissions` (may we end what we start) and `ami` (a stored AMI that is gone). Imports `ec2` and `money`.
"""
