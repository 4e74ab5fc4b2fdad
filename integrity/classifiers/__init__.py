"""Classifiers: a text, image or graph in, a Finding out; no framework and no database."""
