"""Which statement a post makes, read by a small Dutch and English transformer."""
