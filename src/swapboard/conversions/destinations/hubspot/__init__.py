"""HubSpot: contacts and their calls."""

from swapboard.conversions.destinations.hubspot.kind import HubSpotKind

kind = HubSpotKind()
