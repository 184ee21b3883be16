"""What the page shows, gathered from the collected files.

`everything` goes through the days, newest first, and puts together what `day` reads of each, or what the room `kept`
has of it from an earlier page. Of a day, `polled` has the polled rows as arrays, of which `placement_scores` and
`interruption` keep what the page draws; `prices` keeps the cheapest zones', `ranking` the change scores; `looks` turns
looks into probes, `endings` says how these ended, and `launches` keeps them with what was known at their request;
`week_hours` sums scores and launches by the hour of the week. `pairs` numbers the pairs for all of them, `polls` has
the days' coverage. What the page answers first, and the user's own queries, come from `analysis`.
"""
