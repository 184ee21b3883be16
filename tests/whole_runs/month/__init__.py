"""A month of cron's work in minutes: the schedule, what goes wrong in it, the machine it runs on, and what must hold."""
