"""One schema, two engines: SQLite embedded, PostgreSQL when outgrown."""
