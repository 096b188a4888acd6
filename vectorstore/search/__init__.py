"""Query and filters -> ranked passages, by their words and their meaning."""
