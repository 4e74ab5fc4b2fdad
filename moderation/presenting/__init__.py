"""Words and shapes for the screens: pure functions from rows to what a page shows."""
