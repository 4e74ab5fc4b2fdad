"""The desk's doors: `desk` for the work itself, `steering` for the routing rules."""
