"""What every door makes of the one stream of events."""
