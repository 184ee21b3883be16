"""Files that survive a crash: `durable_file` replaces one, `csv_file` appends rows; `run_lock` keeps runs apart."""
