"""Vonage's Voice API (https://developer.vonage.com/en/voice/voice-api/overview)."""

from swapboard.carriers.vonage.adapter import VonageKind

carrier = VonageKind()
