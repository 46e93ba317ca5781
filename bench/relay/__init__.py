"""How many answers one core relays, how long it takes to the first word, and what an open one costs."""
