"""Writing at length: related work, summaries of authors and literature tables, with their references."""
