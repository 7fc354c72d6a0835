"""Telnyx, by TeXML (https://developers.telnyx.com/docs/voice/programmable-voice/texml-fundamentals)."""

from swapboard.carriers.telnyx.adapter import TelnyxKind

carrier = TelnyxKind()
