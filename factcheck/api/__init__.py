"""The partners' API: what the portal does, for a partner's own system."""
