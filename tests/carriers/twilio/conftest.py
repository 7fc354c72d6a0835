"""The tests of Twilio's adapter talk to the stand-in."""

from tests.twilio_stand_in import twilio

__all__ = ["twilio"]
