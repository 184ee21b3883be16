"""What the page shows, gathered from the collected files.

`everything` goes through the files and hands each day's rows on: `polled` has the day's polled rows
as arrays, of which `placement_scores` and `interruption` keep what the page draws; `ranking` keeps the best scores;
`looks` turns looks into probes, and `launches` keeps these with what was known at their request. `pairs` numbers the
pairs for all of them. `standing` has the newest scores of the user's own queries. `polls` and `health` are what
the head of the page is made from.
"""
