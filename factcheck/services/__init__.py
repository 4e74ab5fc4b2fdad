"""The verbs of fact-checking: the only writers of its tables."""
