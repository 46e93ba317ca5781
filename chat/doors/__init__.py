"""Doors for what people already have: each renders the events of a turn in a protocol of others."""
