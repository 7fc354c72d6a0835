"""PostHog: events of the site's own analytics."""

from swapboard.conversions.destinations.posthog.kind import PostHogKind

kind = PostHogKind()
