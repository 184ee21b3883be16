"""How many of N spot instances are ready after how many seconds, measured, and never one left running.

Read `__main__`, `steps` (a run's steps), `probing` (all probes of a run), then the folders in this order: `choosing`,
`watching`, `state`, `ending`; `ec2`, `identity` and `money` lie below them. Imports run one way: `ec2`, `money` <-
`choosing` <- `state` <- `ending` <- `watching` <- `probing` <- `steps`, and `identity` <- `steps`; `run_context` and
what it holds (`patience`, `problems`, `stop`, `run_journal`, `records`), `folders`, `arguments` and `background` are
shared by all. What the files hold is said in `data_files/launches`. `dataset` is a program of its own, the training
table.
"""
