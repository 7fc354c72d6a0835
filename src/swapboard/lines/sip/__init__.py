"""SIP over UDP with one's trunk: messages by aiosipua, transactions and sides of a call by us (docs/lines.md)."""
