"""An Asterisk: where its REST interface is, who we are there, and how it rings a number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from swapboard.carriers.lines.trunk import numbers_in
from swapboard.language import _

NUMBER = "{number}"
APP = "swapboard"
"""Our application's name, in the dialplan and at ARI."""
_ENDPOINT = re.compile(r"[A-Za-z0-9]+/[A-Za-z0-9@._+{}:-]+")


@dataclass(frozen=True, slots=True)
class Pbx:
    """What an Asterisk's owner told us."""

    url: str
    username: str
    password: str
    endpoint: str
    """With `{number}` where the number goes."""
    numbers: tuple[str, ...]
    """E.164."""

    @property
    def host(self) -> str:
        """Where it is: a name or an address."""
        return urlsplit(self.url).hostname or ""

    def endpoint_of(self, number: str) -> str:
        """How it rings a number."""
        return self.endpoint.replace(NUMBER, number)


def pbx_of(credentials: Mapping[str, str]) -> Pbx:
    """The Asterisk with these credentials. Raises ValueError that says which one is missing or wrong."""
    url = credentials.get("url", "").strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
        raise ValueError(_("Asterisk needs the address of its ARI, like http://127.0.0.1:8088."))
    username, password = credentials.get("username", "").strip(), credentials.get("password", "")
    if not username or not password:
        raise ValueError(_("Asterisk needs the user name and the password that stand in its ari.conf."))
    endpoint = credentials.get("endpoint", "").strip()
    if NUMBER not in endpoint or not _ENDPOINT.fullmatch(endpoint):
        raise ValueError(_("The endpoint says how Asterisk rings a number, like PJSIP/{number}@trunk."))
    return Pbx(url.removesuffix("/ari"), username, password, endpoint, numbers_in(credentials.get("numbers", "")))
