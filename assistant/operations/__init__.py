"""Plan -> what the library holds for it: each operation gives computed lines, or passages to read."""
