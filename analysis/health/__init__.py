"""Is the collection healthy: from files alone, the same figures and causes wherever they are told.

`polling` says which polls were due and done and what AWS answered, `last_failure` what a poll that failed said, `quota`
which places of the configurations are taken, `night` what was not scored or mailed, `probes` which were never ended,
`money` what they cost, `disk` for how long it lasts, `locks` which runs hang. `figures` gathers all of it; `causes`
says in words what needs a person.
"""
