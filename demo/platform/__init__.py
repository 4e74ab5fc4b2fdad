"""Plein, a small made-up platform: a feed of posts, its people, and what moderation did to them."""
