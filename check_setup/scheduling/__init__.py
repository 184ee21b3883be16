"""Whether the programs are run, at the right times, by a Python that has what they need, and who hears what goes wrong.

Read `requirements` first (what a Python lacks), then `system` (what to install on this machine), `crontab` and `timers`
(which programs each of them runs), `cron_zone` and `cron_mail` (how cron runs them), and `schedule` (all checked).
"""
