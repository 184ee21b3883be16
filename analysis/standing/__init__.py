"""What the user's own standing queries were answered: read by `newest_standing`, put into words by `standing_lines`."""
