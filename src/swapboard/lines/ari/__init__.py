"""Asterisk's REST interface: calls that an Asterisk carries, and we command (docs/asterisk.md)."""
