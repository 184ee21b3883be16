"""Where snapshots are and when they were taken: times, then S3, then the list of all sources."""
