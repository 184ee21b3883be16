"""The simulated spot market: a seed and a time determine every pool's capacity, scores, prices and interruptions.

Here belongs what AWS decides on its own, whoever asks; what callers launch or use up belongs into `spot` and `state`.
Read `geography` (Regions, zones, types), `noise` (seeded randomness), `pool_traits` (what is constant about a pool),
`slack` (the hidden quantity behind it all), `spot_market` (its state at a time) and `advisor` (what the Spot Instance
Advisor publishes of it).
"""
