"""What the papers are and where they are found: listings read, merged, kept, embedded and searched."""
