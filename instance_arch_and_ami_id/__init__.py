"""Which architecture a family has, and which Amazon Linux 2023 AMI a Region has for it: data only."""

FAMILY_ARCH: dict[str, str] = {}
IMAGE_ID: dict[str, dict[str, str]] = {}
