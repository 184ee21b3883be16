"""Which queries a day asks.

`wishes` is what the settings ask for, `expected_changes` what the plan goes by, `policy` decides, `days_plan` keeps.
"""
