"""Microsoft Advertising, by its Campaign Management API."""

from swapboard.conversions.destinations.microsoft_ads.kind import MicrosoftAdsKind

kind = MicrosoftAdsKind()
