"""Which number a visitor sees."""
