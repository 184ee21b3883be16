"""EC2 in one Region: its calls, its answers as typed data, and the tags by which we know our own requests.

Read `answers` first (what AWS tells us) and `cause_by_code` (what its codes mean for a measurement), then `known_ids`,
`region_ec2` (every call that only reads), `by_halves` and `spot_requests` (the calls that spend money, or end what
does), which use `installation`, `network` and `aws_time`. Imports no other folder of this package.
"""
