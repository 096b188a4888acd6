"""A researcher's own text -> whether what it says of the papers that it cites stands in their abstracts."""
