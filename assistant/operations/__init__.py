"""Plan -> what the library holds for it: each operation with its arguments gives computed lines, or passages to read."""
