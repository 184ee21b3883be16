"""AWS seen from outside: a local stand-in, built on moto, that unmodified boto3 and the AWS CLI can talk to.

`python -m local_aws` starts it. Its rooms, from top to bottom; each imports only from those below it:

- `mail`: a mail server for trying things out, which is a program of its own
- `server`: from an HTTP request to its answer
- `control`: the stand-in's own control API, by which tests change how it behaves and see what really happened
- `ec2`: the calls of EC2's API that are answered here; moto answers all others
- `spot`: spot requests and instances, and what becomes of them
- `state`: what the stand-in remembers of its callers: clock, access, limits, faults, calls
- `market`: the simulated spot market

To read it, start at the bottom: `market`, `state`, `spot`, then `ec2`, `control` and `server`. Each room's
`__init__.py` says in which order to read its modules.
"""
