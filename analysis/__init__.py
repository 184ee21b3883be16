"""What follows from several files together: the numbers that page, mail and terminal all tell alike.

Between the collectors and `data_files`: reads files, computes, prints nothing, knows no AWS and no `configs`;
settings and the time come in as arguments.
"""
