"""Access by a refresh token: RFC 6749, section 6."""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from urllib.parse import urlencode

from pydantic import BaseModel

from swapboard.conversions.destinations.answers import by_status, read_as
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _


class _Told(BaseModel):
    access_token: str = ""
    refresh_token: str = ""
    error: str = ""
    error_description: str = ""
    message: str = ""
    """HubSpot's words, which RFC 6749 does not know."""


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """There is no access token; `result` says why, and whether it may pass."""

    result: Result
    lasts: bool = False
    """Whether somebody must sign in again first."""


@runtime_checkable
class LendsToken(Protocol):
    """A `Post` that has the refresh token, which may be another one after each use (RFC 6749, section 6)."""

    def __call__(self, request: Request, /) -> Answer:
        """As `Post`."""

    def borrow(self, known: str) -> str:
        """The token as it is now, nobody else's until it is given back; `known` where none is kept. Raises
        Refused."""

    def give_back(self, token: str | None) -> None:
        """Let others have it; `token` is the new one, if there is one."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """What gets access tokens."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str = ""
    """What is asked for, where the server wants to be told again."""

    def access_token(self, post: Post) -> str:
        """A token for now. Raises Refused and Unreached."""
        if not isinstance(post, LendsToken):
            return self._access(post, self.refresh_token).access_token
        lent, told = post.borrow(self.refresh_token), _Told()
        try:
            told = self._access(post, lent)
        finally:
            post.give_back(told.refresh_token if told.refresh_token != lent else None)
        return told.access_token

    def _access(self, post: Post, refresh_token: str) -> _Told:
        asked = {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": refresh_token,
        }
        if self.scope:
            asked["scope"] = self.scope
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        secrets = (self.client_secret, refresh_token)
        answer = post(Request("POST", self.token_url, headers, urlencode(asked).encode(), secrets))
        told = read_as(_Told, answer) or _Told()
        if answer.status == 200 and told.access_token:
            return told
        words = told.error_description or told.error or told.message or "the answer holds no token"
        result = by_status(answer, words)
        # Without access, nothing of what waits is refused for good: the account's owner can mend it.
        raise Refused(
            Result(
                Outcome.FAILED,
                _("Access was not given (%(words)s).") % {"words": result.words},
                result.retry_after_seconds,
            ),
            lasts=result.outcome is Outcome.REFUSED,
        )
