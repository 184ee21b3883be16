"""Weeks of cron's work in minutes: what is played (`rehearsal`, `event`; `month` and `quarter`), the `machine` it runs
on, and what must hold (`audit`, `mails`, `past_days`, `prices`).
"""
