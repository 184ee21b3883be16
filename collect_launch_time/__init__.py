"""How many of N spot instances are ready after how many seconds, measured, and never one left running."""
