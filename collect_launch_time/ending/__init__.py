"""End probes, see that they ended, and write down what they cost; also for what an earlier run left.

Read `end_loop` (cancel, look, terminate, look, until all has ended), `end_probes` (the end of this run's probes),
`clean_up` (the end of earlier runs' probes; `still_open` where nobody could look), then what each of them writes down:
`causes` and `results`, `lost_probe` and `leftover_bill`.
Imports `ec2`, `money`, `choosing` and `state`.
"""
