"""Events: what a turn yields, the values it carries, and the words readers see."""
