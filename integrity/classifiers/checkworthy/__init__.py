"""Which sentences are worth checking: said as a fact, about something that can be looked up."""
