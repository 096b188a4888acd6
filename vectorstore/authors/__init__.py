"""Authors as they are printed: a line of them, the parts of a name, whether two names may be one person's."""
