"""What the programs exchange: for each file a module with its place, columns, cells, reader and writer.

Nothing here knows settings or AWS: the folder under which all lies (HOME), limits and moments come as arguments. To
read in this order: `cells` (kinds of values), `csv_table` (columns, rows, files by day), then the files: `market/` for
what the polls collect and plan by, `launches/` for what the probes record, `notices` for what people were told.
`timed_rows` reads files that begin with a time without reading each row; `columnar` reads any by column, and
`cell_arrays`, `cell_times` and `alike_lines` find and read the cells for it, with NumPy, which no other module loads.
"""
