"""Says what of a real set-up works, and what to do about the rest: `python -m check_setup`.

`checks` names all of them in their order, each a function that yields findings (`finding`); `account` is what they ask
AWS with. A module is what one check looks at; those of a kind have a room: `permissions`, `scheduling`, `telling`.
"""
