"""TikTok, by its Events API 2.0."""

from swapboard.conversions.destinations.tiktok.kind import TikTokKind

kind = TikTokKind()
