"""Every byte of every visit, kept in SQLite."""
