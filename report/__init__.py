"""Makes one page of what has been collected: self-contained, offline, readable on a phone.

`gather` reads the files, `answers` and `head` put what stands at the top in words, `charts` describes the charts, and
`page` renders all of it with the sources in page/, whose JavaScript modules `module_joiner` makes one script of.
"""
