"""Files that survive a crash: `durable_file` replaces one, `durable_folder` a folder of them, `csv_file` appends rows.

`run_lock` keeps runs apart.
"""
