"""User data that makes its instance shut itself down."""

from datetime import timedelta

import pytest

from local_aws.spot.user_data import shuts_down_after


@pytest.mark.parametrize(
    ("script", "seconds"),
    [
        ("shutdown -h +10", 600),
        ("shutdown +15", 900),
        ("shutdown -P +7 'the probe is over'", 420),
        ("/sbin/shutdown --poweroff +1", 60),
        ("shutdown -h 10", 600),
        ("shutdown -h now", 0),
        ("shutdown now", 0),
        ("sleep 600; shutdown -h now", 600),
        ("sleep 10m && poweroff", 600),
        ("(sleep 720; shutdown -h now) &", 720),
        ("nohup sh -c 'sleep 900; /sbin/shutdown -P now' &", 900),
        ("sleep 60\nsystemctl poweroff", 60),
        ("systemd-run --on-active=900 /sbin/shutdown -P now", 900),
        ("systemd-run --on-active=15m --unit=probe-end systemctl poweroff", 900),
        ("systemd-run --on-boot='10 min' -- poweroff", 600),
        ("echo hello\nshutdown -h +20\nsleep 30; poweroff", 30),
        ("poweroff", 0),
    ],
)
def test_the_delay_is_parsed_from_a_shell_script(script: str, seconds: float) -> None:
    assert shuts_down_after(f"#!/bin/bash\n{script}\n") == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "user_data",
    [
        "",
        "#!/bin/bash\necho hello\n",
        "#!/bin/bash\n# shutdown -h +10\n",
        "#!/bin/bash\nshutdown -h +10\nshutdown -c\n",
        "#!/bin/bash\necho not shutting down\n",
        "shutdown -h +10\n",  # not a script: cloud-init does not run it
    ],
)
def test_other_user_data_leaves_the_instance_running(user_data: str) -> None:
    assert shuts_down_after(user_data) is None
