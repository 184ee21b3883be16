"""The files that the two commands write: data only, and importable without anything else."""

from pathlib import Path

from instance_arch_and_ami_id.table_file import TableFile

_HERE = Path(__file__).resolve().parent
_WHENCE = """
What was collected at an address of one's own machine comes from the local AWS, which has AWS's own data, as old as the
release of moto that carries them.
"""

TABLES = TableFile(
    _HERE / "__init__.py",
    f"""Which architecture a family has, and which Amazon Linux 2023 AMI a Region has for it: data only.

Written by get_family_arch.py --write and get_ami_id.py --write.{_WHENCE}""",
    ("FAMILY_ARCH", "IMAGE_ID"),
)
VCPUS = TableFile(
    _HERE / "vcpus.py",
    f"""How many vCPUs each instance type has: data only.

Written by get_family_arch.py --write.{_WHENCE}""",
    ("VCPUS",),
)
