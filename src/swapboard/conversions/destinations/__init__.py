"""Ad platforms, analytics and other receivers: one folder each."""
