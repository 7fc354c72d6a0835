"""Access by a refresh token: RFC 6749, section 6."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from swapboard.conversions.destinations.base import Answer, Post, Request, by_status
from swapboard.conversions.outbox import Outcome, Result


class _Told(BaseModel):
    access_token: str = ""
    error: str = ""
    error_description: str = ""


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """There is no access token; `result` says why, and whether it may pass."""

    result: Result


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
        asked = {
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_token": self.refresh_token,
        }
        if self.scope:
            asked["scope"] = self.scope
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        secrets = (self.client_secret, self.refresh_token)
        answer = post(Request("POST", self.token_url, headers, urlencode(asked).encode(), secrets))
        told = _read(answer)
        if answer.status == 200 and told.access_token:
            return told.access_token
        words = told.error_description or told.error or "the answer holds no token"
        result = by_status(answer, words)
        # Without access, nothing of what waits is refused for good: the account's owner can mend it.
        raise Refused(
            Result(Outcome.FAILED, f"Access was not given ({result.words}).", result.retry_after_seconds)
        )


def _read(answer: Answer) -> _Told:
    try:
        return _Told.model_validate_json(answer.body)
    except ValidationError:
        return _Told()
