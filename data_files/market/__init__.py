"""The files of the polls and the night: what was asked, what was answered, what is planned, what was mailed.

`polled` and `polls` are what the polls write; `coverage` follows from them. `scores` ranks, `plans` is asked,
`configurations` is what the quota is reckoned from. `standing_queries` is what the user wants asked besides,
`standing_definitions` what that came to, `standing_scores` what it was answered. `advisor` is what the Spot Instance
Advisor published, `spot_prices` every change of a price, `mailed` which reports are out, `settings_in_force` which
settings shaped it all.
"""
