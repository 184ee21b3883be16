"""Says what of a real set-up works, and what to do about the rest."""
