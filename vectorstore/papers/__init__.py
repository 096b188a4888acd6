"""Entries -> papers, each merged from all entries that are the same paper, and papers -> passages."""
