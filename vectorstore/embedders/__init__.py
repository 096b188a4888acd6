"""Texts -> vectors, by an embedding model that is named."""
