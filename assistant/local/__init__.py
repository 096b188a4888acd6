"""The embedded local model: sentences of the evidence, chosen, cut and joined."""
