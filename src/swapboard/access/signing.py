"""What is said to a platform's doors to sign in, to look whether that still holds, and to take it back.

RFC 6749 (authorisation code, refresh), RFC 7636 (PKCE), RFC 7009 (revocation). Nothing is sent here.
"""

from typing import Annotated

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7009.parameters import prepare_revoke_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from pydantic import BaseModel, BeforeValidator, ConfigDict

from swapboard.access.grant import Grant, Pending, Tokens
from swapboard.conversions.destinations.answers import read_as
from swapboard.conversions.destinations.request import Answer, Request

_LONGEST_WORDS = 300


class NotGiven(Exception):
    """The platform gives no access; the words are for people. `for_good`: only signing in again helps."""

    def __init__(self, words: str, *, for_good: bool) -> None:
        super().__init__(words)
        self.for_good = for_good


def _listed(scope: object) -> object:
    """HubSpot and some others write a list, or commas."""
    return " ".join(scope) if isinstance(scope, list) else scope


class _Told(BaseModel):
    model_config = ConfigDict(extra="allow")
    access_token: str = ""
    refresh_token: str = ""
    scope: Annotated[str | None, BeforeValidator(_listed)] = None
    error: str = ""
    error_description: str = ""
    message: str = ""
    """HubSpot's words, which RFC 6749 does not know."""


def door(grant: Grant, pending: Pending, redirect: str) -> str:
    """Where to send the browser, so that its person agrees."""
    provider = grant.at
    proof = {}
    if provider.has_pkce:
        proof = {"code_challenge": create_s256_code_challenge(pending.verifier), "code_challenge_method": "S256"}
    asked = {**provider.extra, **proof}
    scopes = " ".join(grant.scopes) or None
    address = grant.reached_by().authorize
    url: str = prepare_grant_uri(address, grant.client_id, "code", redirect, scopes, pending.state, **asked)
    return url


def for_code(grant: Grant, secret: str, code: str, verifier: str, redirect: str) -> Request:
    """Asks for tokens in exchange for the code that the browser brought."""
    proof = {"code_verifier": verifier} if grant.at.has_pkce else {}
    body = prepare_token_request("authorization_code", redirect_uri=redirect, code=code, **proof)
    return _from_client(grant, grant.reached_by().token, body, (secret, code, verifier), secret)


def for_refresh(grant: Grant, secret: str, refresh_token: str) -> Request:
    """Asks for a new access token: shows that the leave still holds, and keeps it alive where it would run out."""
    body = prepare_token_request("refresh_token", refresh_token=refresh_token)
    return _from_client(grant, grant.reached_by().token, body, (secret, refresh_token), secret)


def for_revoking(grant: Grant, secret: str, refresh_token: str) -> Request:
    """Takes the leave back."""
    body, _headers = prepare_revoke_token_request(refresh_token, "refresh_token")
    return _from_client(grant, grant.reached_by().revoke, body, (secret, refresh_token), secret)


def read(grant: Grant, request: Request, answer: Answer) -> Tokens:
    """The tokens in an answer. Raises NotGiven."""
    told = read_as(_Told, answer) or _Told()
    if answer.status != 200 or not told.access_token:
        raise NotGiven(_why(grant, request, told, answer.status), for_good=told.error == "invalid_grant")
    more = told.model_extra or {}
    facts = {name: str(more[name]) for name in grant.at.kept_facts if more.get(name)}
    scopes = None if told.scope is None else tuple(told.scope.replace(",", " ").split())
    return Tokens(told.refresh_token, scopes, facts)


def _from_client(grant: Grant, url: str, body: str, secrets: tuple[str, ...], secret: str) -> Request:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    client = ClientAuth(grant.client_id, secret, grant.at.proves_client_by)
    url, headers, body = client.prepare("POST", url, headers, body)
    return Request("POST", url, headers, body.encode(), secrets)


def _why(grant: Grant, request: Request, told: _Told, status: int) -> str:
    said = told.error_description or told.error or told.message or "the answer holds no token"
    for secret in request.secrets:
        said = said.replace(secret, "…") if secret else said
    return f"{grant.at.name}: {said[:_LONGEST_WORDS]} (HTTP {status})"
