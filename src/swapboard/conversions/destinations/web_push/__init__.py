"""A browser's notifications, by Web Push (RFC 8030)."""

from swapboard.conversions.destinations.web_push.kind import WebPushKind

kind = WebPushKind()
