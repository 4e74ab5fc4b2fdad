"""For parties and candidates: guidance by editors, help with priority, official accounts."""
