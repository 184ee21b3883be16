"""Collects Spot placement scores and interruption frequencies, and scores them."""
