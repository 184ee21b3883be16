"""Makes one page of what has been collected: self-contained, offline, readable on a phone.

`gather` reads the files, `answers` and `head` put what stands at the top in words, `charts` describes the charts,
`compiled` holds what script/charts makes of that, `labels` what charts and script both write, and `page` renders all of
it with the sources in page/, whose JavaScript modules `module_joiner` makes one script of.
"""
