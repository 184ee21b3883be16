"""What the package says of itself, to machines and to people.

`description` is what all forms of it share; `datapackage` (Frictionless), `croissant` (MLCommons) and `readme` are the
forms. `survey` keeps, while the rows are read, what is told of gaps, refusals and settings; `code_version` tells what
made it.
"""
