"""Microsoft Teams, by a webhook of its Workflows."""

from swapboard.conversions.destinations.teams.kind import TeamsKind

kind = TeamsKind()
