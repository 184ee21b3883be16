"""Which architecture a family has, and which Amazon Linux 2023 AMI a Region has for it.

FAMILY_ARCH and IMAGE_ID are what `--write` collected under HOME, where it has, else what shipped_tables.py has.
"""

from collections.abc import Mapping

FAMILY_ARCH: Mapping[str, str]
IMAGE_ID: Mapping[str, Mapping[str, str]]


def __getattr__(name: str) -> object:
    """Give a table as it stands in the files now."""
    if name not in __annotations__:
        raise AttributeError(f"{__name__} has no {name}")
    from configs import HOME
    from data_files import instance_tables

    return {"FAMILY_ARCH": instance_tables.family_arch, "IMAGE_ID": instance_tables.image_id}[name](HOME)
