"""The dashboard: pages for people, rendered here, with live updates by server-sent events."""

from swapboard.web.dashboard.app import dashboard

__all__ = ["dashboard"]
