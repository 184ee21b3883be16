"""What follows from past days, kept so that the next page need not be made of their files again.

`summaries` keeps each day's summary as long as its files stay what they were: `packing` turns one into arrays and back,
`array_file` these into bytes, `kept_file` writes and reads a file that may go at any time. Whoever deletes all of it
loses time only.
"""
