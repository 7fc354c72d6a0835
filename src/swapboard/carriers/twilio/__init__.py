"""Twilio (https://www.twilio.com/docs/voice)."""

from swapboard.carriers.twilio.adapter import TwilioKind

carrier = TwilioKind()
