"""Which visit made the call."""
