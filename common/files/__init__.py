"""Files that survive a crash: `durable_file` replaces one, `durable_folder` a folder of them, `csv_file` appends rows.

`compressed_file` keeps finished ones small, and makes them plain again for a late row; `run_lock` keeps runs apart.
"""
