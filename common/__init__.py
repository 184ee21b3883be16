"""What every program here stands on; knows no score, no probe and no column."""
