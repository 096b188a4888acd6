"""Question -> query: intent, filters and topic, from the names that the library holds."""
