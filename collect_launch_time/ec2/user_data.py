"""The dead man's switch: user data by which an instance shuts itself down if nobody else ends it."""

import base64
import math

# Counted from the instance's start. Later than our own end of a probe and its retries of two minutes, so that it
# never falsifies a measurement; the spot instance of a one-time request is terminated when it shuts down.
GRACE_MINUTES = 5


def switch_minutes(timeout_seconds: float) -> int:
    """Give the minutes after its start at which an instance switches itself off."""
    return math.ceil(timeout_seconds / 60) + GRACE_MINUTES


def user_data(timeout_seconds: float) -> str:
    """Give the user data as RequestSpotInstances wants it, in Base64.

    cloud-init runs it as root at the first boot; shutdown schedules and returns at once.
    """
    script = f"#!/bin/bash\nshutdown -h +{switch_minutes(timeout_seconds)}\n"
    return base64.b64encode(script.encode()).decode()
