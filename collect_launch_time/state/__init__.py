"""What is known of a probe, its spot requests and its instances: plain data that changes with each answer of AWS.

Read `probe`, `readiness` (from the request until ready) and `end_state` (from our cancel until terminated). Nothing
here calls AWS. Imports `ec2`, `money` and `choosing`.
"""
