"""Which queries a day asks: what the settings and the user's own queries ask for, what is decided, what is kept.

`plan_settings` is what the settings ask for, `standing` what the user's own queries ask besides; `expected_changes` is
what a plan goes by, `policy` decides on it, `days_plan` keeps it.
"""
