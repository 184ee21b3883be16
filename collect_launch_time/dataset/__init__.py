"""The training table: one row per probe and look, with what was known when the request was made."""
