"""End probes, see that they ended, and write down what they cost; also for what an earlier run left.

Read `ending` (one loop: cancel, look, terminate, look), `finish` (the end of this run's probes), `clean_up` (the end of
earlier runs' probes), then `reckoning` and `leftover_bill` (the rows each of them writes). Imports `ec2`, `money`,
`choosing` and `state`.
"""
