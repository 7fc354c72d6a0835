"""Twilio's part in the stories; its language is the sandbox's (carriers/sandbox/twilio_dialect.py)."""

from swapboard.carriers.sandbox.twilio_dialect import TwilioDialect
from tests.carriers.stories.plug import Plug

ACCOUNT_SID = "AC" + "a" * 32

TWILIO = Plug(
    kind="twilio",
    credentials={"account_sid": ACCOUNT_SID, "auth_token": "b" * 32},
    dialect=TwilioDialect(ACCOUNT_SID, "b" * 32),
    stranger=TwilioDialect(ACCOUNT_SID, "c" * 32),
)
