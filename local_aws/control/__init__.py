"""The stand-in's own control API, under /_local_aws/: change how it behaves, and see what really happened.

Here belongs what a test may do that no AWS client can. Read `api` (its routes) and `client` (the same from Python);
then what the routes return or make: `truth` (every request and instance as it really was), `bill` (what it cost) and
`decoys` (resources of other owners, which a program under test must leave alone).
"""
