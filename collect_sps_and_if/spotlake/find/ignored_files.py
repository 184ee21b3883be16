"""Tells the files that operating systems and editors leave about: they are nobody's data, and passed over silently."""

import re
from fnmatch import translate

_PATTERNS = (
    ".ds_store", "._*", "__macosx", ".localized", ".apdisk", ".fseventsd", ".spotlight-v100", ".temporaryitems",
    ".trashes", "icon\r", "thumbs.db", "ehthumbs*.db", "desktop.ini", "$recycle.bin", "system volume information",
    "lost+found", ".directory", ".trash-*", ".nfs*", ".fuse_hidden*", ".git", ".gitignore", ".gitattributes",
    ".~lock.*#", "~$*", "*~", "#*#", ".#*", ".*.sw[a-p]",
)  # fmt: skip
"""Of macOS, Windows, Linux and git; then locks and copies of LibreOffice, Office, Emacs and Vim. In small letters."""

_IS_IGNORED = re.compile("|".join(map(translate, _PATTERNS)))


def is_ignored(path: str) -> bool:
    """Tell whether the name of a file, or of a folder that it is in, is one of those; folders end in / or \\."""
    return any(map(_IS_IGNORED.match, path.lower().replace("\\", "/").split("/")))
