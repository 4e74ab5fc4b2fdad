"""The verbs of the casework: the only writers of its tables."""
