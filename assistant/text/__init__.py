"""Text: made plain, readable and inert; its words, blocks, markers and cited sentences."""
