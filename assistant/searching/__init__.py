"""Query -> evidence: the passages found, and whether they are about what was asked."""
