"""What the report says, in words and short lists; pure. Each by itself, but `shown_moves`, which has `score_hours`.

`best_pairs`: where to launch now; `shown_moves`: what moved, with its `score_hours`; `short`: dates and sentences made
short.
"""
