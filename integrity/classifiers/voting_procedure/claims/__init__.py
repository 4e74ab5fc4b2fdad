"""Which statement about voting a text makes, learned from examples: a fallback for the rules."""
