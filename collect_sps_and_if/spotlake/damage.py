"""What is said of a file that cannot be trusted: it is named, with why, and skipped whole."""


class Damaged(Exception):
    """A file that is not what it should be; its text says why, in words that suit many files."""
