"""E-mail, by this server's own mail server."""

from swapboard.conversions.destinations.email.kind import EmailKind

kind = EmailKind()
