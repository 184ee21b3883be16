"""Whether the programs can tell people: `mail_login`, by the nightly mail; `notify_addresses`, at once."""
