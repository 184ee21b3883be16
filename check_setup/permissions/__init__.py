"""What the IAM identity must be allowed: which actions, the policy that grants them, and whether it has them.

Read `actions` first (every action the programs use), then `policy` (what is printed), `dry_spot_request` (how the one
that spends money is tried) and `checking` (all of them tried).
"""
