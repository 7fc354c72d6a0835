"""Platforms as they would answer, for the demo and the tests: they keep the documented rules and say no."""
