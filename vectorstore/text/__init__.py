"""Text as such: how it is compared, cut into sentences, counted in tokens, and read from LaTeX."""
