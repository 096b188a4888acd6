"""What is stored, in SQLite or PostgreSQL: entries and papers, and what the user decided on them."""
