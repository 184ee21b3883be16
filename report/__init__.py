"""Makes one page of what has been collected: self-contained, offline, readable on a phone.

`collected/` reads what there is, `charts/` describes the drawings, `page/` is the page's own HTML, CSS and JavaScript;
`head` puts what matters into words, `module_joiner` joins the JavaScript, and `page` makes the page of all of it.
"""
