"""Files that enumerate papers -> entries, one reader a format."""
