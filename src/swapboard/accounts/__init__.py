"""Whose calls they are: companies, their sites, the people who may see them, and their keys."""
