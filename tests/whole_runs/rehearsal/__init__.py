"""A month of cron's work in minutes: the schedule, what goes wrong, the machine it runs on, what must hold."""
