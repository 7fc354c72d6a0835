"""A trunk as a carrier of ours: its numbers are the owner's own words, its calls come by SIP and not to a door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from swapboard.calls.step import Step
from swapboard.carriers.base import CarrierResponse, CredentialField
from swapboard.carriers.lines.own import OwnLines
from swapboard.carriers.lines.trunk import trunk_of

KIND = "lines"


@dataclass(frozen=True, slots=True)
class LinesKind:
    """Own lines before anybody's trunk."""

    name: ClassVar[str] = "SIP trunk"
    rings_by_line: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("server", "SIP server", "Your provider's: sip.example.com or 203.0.113.5:5060.", False),
        CredentialField("username", "User name", "If your provider gave you one.", False, required=False),
        CredentialField("password", "Password", "It goes with the user name.", True, required=False),
        CredentialField(
            "register",
            "Register",
            "If your provider wants to be told where this server is.",
            False,
            required=False,
            choices=("no", "yes"),
        ),
        CredentialField(
            "also_from",
            "More addresses",
            "Where calls come from beside the server: 203.0.113.0/24, with commas between.",
            False,
            required=False,
        ),
        CredentialField("numbers", "Numbers", "Yours on this trunk: +12025550143, with commas between.", False),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """Nobody asks by HTTP."""
        return CarrierResponse("", "text/plain")

    def open(self, credentials: Mapping[str, str]) -> OwnLines:
        """The trunk with these credentials. Raises ValueError."""
        trunk = trunk_of(credentials)
        return OwnLines(trunk.numbers, trunk.host)
