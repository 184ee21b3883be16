"""The dead man's switch in an instance's user data."""

import base64
import re

import pytest

from collect_launch_time.ec2.user_data import switch_minutes, user_data


@pytest.mark.parametrize(("timeout", "minutes"), [(5, 6), (60, 6), (61, 7), (600, 15), (86_400, 1445)])
def test_the_dead_mans_switch_comes_a_few_minutes_after_the_timeout(timeout: float, minutes: int) -> None:
    assert switch_minutes(timeout) == minutes
    script = base64.b64decode(user_data(timeout)).decode()
    assert script.startswith("#!/bin/bash\n")
    assert re.search(rf"^shutdown -h \+{minutes}$", script, re.MULTILINE)
