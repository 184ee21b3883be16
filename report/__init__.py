"""Makes one page of what has been collected: self-contained, offline, readable on a phone."""
