"""Facts: what the catalogue knows, computed and put in words; no model takes part."""
