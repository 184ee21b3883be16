"""Summaries of past days, kept so that the next page need not be made of their files again.

`summaries` keeps them as long as the files stay what they were; `packing` turns one into arrays and back, `array_file`
these into bytes. Whoever deletes them loses time only.
"""
