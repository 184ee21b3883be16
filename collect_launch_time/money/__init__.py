"""What probes may cost before they start and what they have cost after they ended: pure arithmetic, in USD.

Read `prices`, `volumes_and_addresses`, `budget` (with its pace over the day), `bill`. Imports no other folder of this
package.
"""
