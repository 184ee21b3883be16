"""A mail server for trying things out, a program of its own: `python -m local_aws.mail.sink`.

Here belongs what mail needs: `sink` (the server, which keeps messages in a folder) and `certificate` (what it shows
to its clients). Nothing of the stand-in for AWS imports this room.
"""
