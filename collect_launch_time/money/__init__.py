"""What probes may cost before they start and what they have cost after they ended: pure arithmetic, in USD.

Read `prices`, `budget`, `bill`. Imports no other folder of this package.
"""
