"""Measures of retrieval and of answers on collections with gold answers."""
