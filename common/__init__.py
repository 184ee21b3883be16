"""What every program here stands on; knows no score, no probe and no column.

How a program runs and ends: `errors`, `redaction`, `run_log`, `exit_code`, `command_line`, `version`, `terminal`. What
it works with: `settings`, `clock`, `side_by_side`, `counted`, and the rooms `files/` and `aws/`.
"""
