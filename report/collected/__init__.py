"""What of all that was collected the page shows: read a day at a time, thinned out, and kept by column.

In this order: `reading` (a day's files, and what was passed over), `pairs` (numbers for pairs), `polled` and `looks`
(a day's rows as arrays); `placement_scores`, `interruption`, `ranking`, `launches`, `polls` and `health` each gather
one part of the page; `gathering` goes through the days and fills them all.
"""
