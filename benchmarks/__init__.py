"""Measurements anybody can repeat; README.md has the numbers."""
