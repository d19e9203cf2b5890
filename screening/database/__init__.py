"""The database: one file (or one PostgreSQL schema) for tickets, the registry and their log."""

FILE = "tickets.sqlite3"
