"""The night's work: what the day saw, how it moved, the report made of it, and the mail that takes it out.

In this order: `due_days` says which days are worked on; `day_moves` and `probe_results` count, `log_notes` reads the
logs; `report_facts` gathers all that is told, `attention` says what of it needs a person; `report_view` puts it into
words, with those of `wording/`; `daily_report` composes page, text and letter; `mail/` delivers. `old_days` compresses
what is long over.
"""
