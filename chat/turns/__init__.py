"""The life of a turn: opened, run, answered, and its state meanwhile."""
