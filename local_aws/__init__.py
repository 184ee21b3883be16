"""AWS seen from outside: a local stand-in, built on moto, that unmodified boto3 and the AWS CLI can talk to.

`python -m local_aws` starts it. Its rooms, from top to bottom; each imports only from those below it:

- `mail`: a mail server for trying things out, which is a program of its own
- `server`: from an HTTP request to its answer
- `control`: the stand-in's own control API, by which tests change how it behaves and see what really happened
- `ec2`: the calls of EC2's API that are answered here; moto answers all others
- `spot`: spot requests and instances, and what becomes of them
- `state`: what the stand-in remembers of its callers: clock, access, limits, faults, calls
- `market`: the simulated spot market

What real accounts meet is set by tests, in plain data that a reset forgets. Single answers (an error of AWS,
throttling, a lost or garbled answer; for which calls, how often): `state.faults`. What policies deny, by action, Region
and id: `state.access`. The role's credentials, and when they end: `state.instance_role`. What becomes of requests and
instances, and which AMIs, types and networks do not go together: `spot.scenario`. What listings leave out:
`ec2.catalog`.

To read it, start at the bottom: `market`, `state`, `spot`, then `ec2`, `control` and `server`. Each room's
`__init__.py` says in which order to read its modules.
"""
