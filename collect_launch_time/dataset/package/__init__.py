"""Everything publishable as one folder: Parquet by table and month, its description for machines and for people.

Read `building` first, the whole in order; `contents` says which tables there are, read by `collected_batches` (files)
and `made_batches` (tables made of them), with `publishable_text` between them and the world; `arrow_columns` and
`monthly_files` write them. `survey` keeps what the description tells of gaps, refusals and settings; `datapackage`,
`croissant` and `readme` write that `description`, `code_version` tells what made it, `package_folder` has the checksums
and knows a package of ours. Columns come from data_files only.
"""
