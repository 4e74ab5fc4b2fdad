"""Template tags of the Election Center."""
