"""Real engines that need no installation: PostgreSQL out of a wheel, and a cache on top of it."""
