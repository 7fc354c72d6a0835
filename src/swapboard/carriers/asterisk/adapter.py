"""An Asterisk (20 or newer) as a carrier of ours: its numbers are the owner's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from swapboard.calls.step import Step
from swapboard.carriers.asterisk.pbx import pbx_of
from swapboard.carriers.base import CarrierResponse, CredentialField
from swapboard.carriers.lines.own import OwnLines

KIND = "asterisk"


@dataclass(frozen=True, slots=True)
class AsteriskKind:
    """Asterisk before anybody's password."""

    name: ClassVar[str] = "Asterisk"
    rings_by_line: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("url", "Address of ARI", "Like http://127.0.0.1:8088.", False),
        CredentialField("username", "User name", "As it stands in ari.conf.", False),
        CredentialField("password", "Password", "As it stands in ari.conf.", True),
        CredentialField("endpoint", "Endpoint", "How Asterisk rings a number: PJSIP/{number}@trunk.", False),
        CredentialField("numbers", "Numbers", "Yours on it: +12025550143, with commas between.", False),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """Nobody asks by HTTP."""
        return CarrierResponse("", "text/plain")

    def open(self, credentials: Mapping[str, str]) -> OwnLines:
        """The Asterisk with these credentials. Raises ValueError."""
        pbx = pbx_of(credentials)
        return OwnLines(pbx.numbers, pbx.host)
