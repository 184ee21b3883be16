"""Where to launch now: `python -m advise` prints what `analysis.advice` finds.

`answer` is what one call does: `names` refuses a type or a Region that nobody knows, then comes a `table` for people or
a `document` for scripts.
"""
