"""Is a webhook Bandwidth's own? By Basic authentication, with the name and password that its application has.

https://dev.bandwidth.com/docs/voice/webhooks ("Basic authentication"). There is nothing of the request in it, so
that it holds only as long as nobody else reads the requests: Bandwidth sends it over TLS alone.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from swapboard.carriers.base import CarrierRequest


@dataclass(frozen=True, slots=True)
class CallbackLogin:
    """The name and the password by which Bandwidth shows that it is Bandwidth."""

    username: str
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        pair = f"{self.username}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    @property
    def attributes(self) -> Mapping[str, str]:
        """What each verb with an address of ours has, so that Bandwidth sends the header there, too."""
        return {"username": self.username, "password": self.password}


def is_signed(request: CarrierRequest, login: CallbackLogin) -> bool:
    """True when the request has the name and the password. Never raises."""
    scheme, _, given = request.headers.get("authorization", "").strip().partition(" ")
    told = f"{scheme.title()} {given.strip()}".encode("utf-8", "replace")
    return hmac.compare_digest(told, login.header.encode())
