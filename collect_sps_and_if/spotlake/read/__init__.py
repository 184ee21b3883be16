"""From the bytes of one source to its rows as numbers: a `Block` for each time that its rows tell.

Read in this order: `content` and `gunzip` fetch and unpack; `rows` and `codes` are what rows become; `snapshot_reader`
chooses the reader. `csv_reader` and `parquet_reader` use Arrow, by way of `arrow_rows`. `neighbour_reader`, with
`lines`, `cells` and `pool_names`, does the same for most CSV files in a fraction of the time.
"""
