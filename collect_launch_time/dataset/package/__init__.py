"""Everything publishable as one folder: Parquet by table and month, its description for machines and for people.

Read `building` first, the whole in order; `contents` says which tables there are. Then `rows/`: what is read, what of
it may be published, how it is written; `words/`: what is said of it. `package_folder` writes the checksums, and knows a
package of ours when it sees one. Columns come from data_files only.
"""
