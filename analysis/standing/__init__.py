"""What the user's own standing queries were answered.

`newest_standing` reads what each was answered last, `standing_lines` puts it into words; `pair_standing` has what they
say of single pairs.
"""
