"""Files that are whole or not there, caches, and SQLite."""
