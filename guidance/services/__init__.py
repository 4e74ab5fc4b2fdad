"""The verbs of the guidance."""
