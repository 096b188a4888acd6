"""Papers looked up at arXiv, Crossref and OpenAlex. Nothing here is used unless the user asks for it."""
