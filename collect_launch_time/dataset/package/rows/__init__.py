"""The package's tables: what is read, what of it may be published, how it is written.

`collected_batches` reads the files, `made_batches` what is made of them; `arrow_columns` gives their columns types and
descriptions, with `publishable_text` between what was collected and the world; `monthly_files` writes them.
"""
