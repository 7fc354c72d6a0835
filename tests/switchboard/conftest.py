"""The tests of reconciliation talk to the stand-in for Twilio."""

from tests.twilio_stand_in import twilio

__all__ = ["twilio"]
