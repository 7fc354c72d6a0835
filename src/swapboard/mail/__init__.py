"""E-mails: an outbox that is written with what caused them, and sent by SMTP."""
