"""What one stand-in remembers: its clock, its callers' access and limits, the faults to inject, the calls so far.

Here belongs state that a reset forgets, whatever AWS service the calls are for; nothing here knows HTTP answers.
Read `world` first (everything hangs on it), then `clock`; `call` (what a request asks for), `access` (who may ask),
`instance_role` (temporary credentials) and `call_log` (what was asked); `faults` (what is to go wrong), `selection`
(for which calls) and `known_errors` (AWS's words); AWS's limits: `token_buckets` (calls a second),
`configuration_limit` (placement-score queries) and `vcpu_quotas` (spot vCPUs); and `settings` (how a test changes any).
"""
