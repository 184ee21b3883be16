"""A file that may go at any time: read if it is whole and made of what there is now, written if that can be done."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from report.gather.kept.array_file import Array, packed, unpacked

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[3]
_LARGEST = 1 << 20  # bytes; that of a usual day has a fiftieth


def read_kept(path: Path, made_of: object) -> tuple[Any, dict[str, Array]] | None:
    """Give the texts and arrays of a file; None if there is none, or it is damaged or made of something else."""
    try:
        (was_made_of, texts), arrays = unpacked(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.info("%s is passed over: %s", path, error)
        return None
    return (texts, arrays) if was_made_of == made_of else None


def write_kept(path: Path, made_of: object, texts: Any, arrays: Mapping[str, Array]) -> bool:
    """Put a file in place, unless it is too large; tell whether files can be written there.

    made_of: whatever JSON can hold and gives back as it is.
    """
    content = packed([made_of, texts], arrays)
    if len(content) > _LARGEST:
        return True
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not synced: what a power cut leaves torn is found damaged.
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        log.info("nothing is kept for the next page: %s", error)
        with contextlib.suppress(OSError):
            part.unlink()
        return False
    return True


@functools.cache
def code_version(folders: tuple[str, ...], *versions: str) -> str:
    """Give a sum over our code in some folders, and over versions of what else it depends on."""
    total = hashlib.sha256(repr(versions).encode())
    for folder in folders:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            total.update(path.read_bytes())
    return total.hexdigest()
