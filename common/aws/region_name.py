"""What the name of an AWS Region looks like, of any partition."""

import re

REGION_PATTERN = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
