"""Whether the stored tables are there, whole, and not too old; and where they come from."""

from collections.abc import Iterator

import configs
from check_setup.finding import Finding, fine, to_do
from common.clock import Clock
from data_files.instance_tables import DAYS_GOOD, TABLES, VCPUS_TABLE, is_collected, table_in_force

COMMANDS = {
    (TABLES, "FAMILY_ARCH"): "python instance_arch_and_ami_id/get_family_arch.py --write",
    (TABLES, "IMAGE_ID"): "python instance_arch_and_ami_id/get_ami_id.py --write",
    (VCPUS_TABLE, "VCPUS"): "python instance_arch_and_ami_id/get_family_arch.py --write",
}


def check_stored_tables() -> Iterator[Finding]:
    """Tell each table's size, age and origin."""
    today = Clock.start().started.date()
    for (file, name), command in COMMANDS.items():
        table = table_in_force(configs.HOME, file, name)
        days = table.age_days(today)
        if days is None:
            yield to_do(name, f"it does not say when it was collected: run {command}")
            continue
        how = "collected here" if is_collected(configs.HOME, file, name) else "shipped with this version, collected"
        whose = "from the local AWS" if table.is_of_local_aws else "from AWS"
        text = f"{len(table.rows)} rows, {how} {days} days ago {whose}"
        if table.rows and days <= DAYS_GOOD:
            yield fine(name, text)
        else:
            yield to_do(name, f"{text}: run {command}")
