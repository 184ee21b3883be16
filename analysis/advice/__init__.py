"""Where to launch: what was measured of each (Region, instance type) pair, best first; each number with its time.

`pairs` puts together what is known of each, a `pair_advice`: from the polls by `newest_scores`, from the Spot Instance
Advisor by `listing`, from the probes by `readiness`, from the prices by `cheapest_zone`, from the standing queries by
`analysis.standing`. `ranking` has the order, and says it in words.
"""
