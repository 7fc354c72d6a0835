"""Visits: who came, and from where."""
