"""API v1: what the platform sends and reads. Each view parses, calls one service, and answers."""
