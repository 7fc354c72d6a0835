"""Slack, by an incoming webhook."""

from swapboard.conversions.destinations.slack.kind import SlackKind

kind = SlackKind()
