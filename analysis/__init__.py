"""What follows from several files together: the numbers that page, mail and terminal all tell alike.

Between the collectors and `data_files`: reads files, computes, prints nothing, knows no AWS and no `configs`;
settings and the time come in as arguments. `reading` takes note of what cannot be read; `statistics` says how sure a
measured share is; `standing` what the user's own queries were answered; `advice` where to launch; `health` whether
collecting goes well.
"""
