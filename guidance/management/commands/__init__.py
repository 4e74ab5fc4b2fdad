"""Commands of the guidance."""
