"""HTML as such, below all that shows it: escaped and clean, an answer's Markdown, formulas, a page on its own."""
