"""The package as a folder: its checksums, and whether what stands in its place is a package of ours, untouched."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collect_launch_time.dataset.package.words import datapackage
from collect_launch_time.dataset.package.words.description import PACKAGE_NAME
from common.errors import Refusal

_SUMS = "SHA256SUMS"
_AT_ONCE = 1 << 20


def sha256(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_AT_ONCE):
            digest.update(chunk)
    return digest.hexdigest()


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a description for machines, to be read by people too."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_sums(folder: Path) -> None:
    """Write the checksums of every file, as `sha256sum -c` reads them."""
    names = sorted(str(path.relative_to(folder)) for path in _files(folder))
    (folder / _SUMS).write_text("".join(f"{sha256(folder / name)}  {name}\n" for name in names), encoding="utf-8")


def refuse_foreign(folder: Path) -> None:
    """Raise Refusal if something would be lost: what is neither an empty folder nor an untouched package of ours."""
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise Refusal(f"{folder} is no folder: name another, or move it away")
    if folder.is_symlink() or folder.is_mount():
        raise Refusal(f"{folder} is a link or a mount, which cannot be replaced: name a folder in it")
    if any(folder.iterdir()):
        _refuse_foreign_files(folder)


def _refuse_foreign_files(folder: Path) -> None:
    try:
        is_ours = json.loads((folder / datapackage.DATAPACKAGE_FILE).read_bytes()).get("name") == PACKAGE_NAME
        lines = (folder / _SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError, AttributeError):
        is_ours, lines = False, []
    if not is_ours:
        raise Refusal(f"{folder} is not empty and holds no package of ours: name another, or move it away")
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for path in _files(folder):
        name = str(path.relative_to(folder))
        if name != _SUMS and (path.is_symlink() or name not in sums or sha256(path) != sums[name]):
            raise Refusal(f"{folder}: {name} was added or changed since it was packaged: move the folder away first")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
