"""LinkedIn, by its Conversions API."""

from swapboard.conversions.destinations.linkedin.kind import LinkedInKind

kind = LinkedInKind()
