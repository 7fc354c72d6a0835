"""A provider of single sign-on on the network: where its doors are, its keys, and the token for a code.

OpenID Connect Discovery 1.0; RFC 6749 with RFC 7636 (PKCE). Its answers are believed by nobody: `id_token` checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from pydantic import BaseModel, ValidationError

from swapboard.accounts.id_token import ALGORITHMS, NotLetIn, readable
from swapboard.clock import HOUR, Millis
from swapboard.language import _
from swapboard.trust import authorities

TIMEOUT_SECONDS = 10
KEPT: Millis = HOUR
SCOPES = "openid email profile"


class Doors(BaseModel):
    """What a provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    id_token_signing_alg_values_supported: list[str] | None = None
    """How it signs; some leave it out, though they must say it."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are there."""

    issuer: str
    client_id: str
    client_secret: str
    redirect: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A log-in that was begun: what its answer is known by."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """One provider; its doors and keys are kept for an hour."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._doors: tuple[Millis, Doors] | None = None
        self._keys: tuple[Millis, Mapping[str, Any]] | None = None

    async def door(self, begun: Begun, now: Millis) -> str:
        """Where to send the browser. Raises NotLetIn."""
        doors = await self._known(now)
        more = {
            "nonce": begun.nonce,
            "code_challenge": create_s256_code_challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        client = self.client
        address: str = prepare_grant_uri(
            doors.authorization_endpoint, client.client_id, "code", client.redirect, SCOPES, begun.state, **more
        )
        return address

    async def token(self, code: str, begun: Begun, now: Millis) -> str:
        """The ID token for the code that the browser brought. Raises NotLetIn."""
        doors, client = await self._known(now), self.client
        body = prepare_token_request(
            "authorization_code", redirect_uri=client.redirect, code=code, code_verifier=begun.verifier
        )
        auth = ClientAuth(client.client_id, client.client_secret, _proof(client, doors))
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        url, headers, body = auth.prepare("POST", doors.token_endpoint, headers, body)
        told = await _asked("POST", url, headers, body)
        if not isinstance(told.get("id_token"), str):
            words = str(told.get("error_description") or told.get("error") or _("its answer holds no ID token"))
            secret = client.client_secret
            raise NotLetIn(_("It says: %s") % readable(words.replace(secret, "…") if secret else words)[:300])
        token: str = told["id_token"]
        return token

    async def keys(self, now: Millis, *, fresh: bool = False) -> Mapping[str, Any]:
        """Its keys, as a JWK Set; `fresh` when a token names one that is not among them. Raises NotLetIn."""
        if fresh or self._keys is None or now - self._keys[0] > KEPT:
            doors = await self._known(now)
            self._keys = now, await _asked("GET", doors.jwks_uri)
        return self._keys[1]

    async def algorithms(self, now: Millis) -> Sequence[str]:
        """Those that it says it signs with, and we take. Raises NotLetIn."""
        said = (await self._known(now)).id_token_signing_alg_values_supported
        taken = [each for each in ALGORITHMS if said is None or each in said]
        if not taken:
            ways = readable(", ".join(said or ()))[:200]
            raise NotLetIn(_("The provider signs in no way that is taken here (%(ways)s).") % {"ways": ways})
        return taken

    async def _known(self, now: Millis) -> Doors:
        if self._doors is None or now - self._doors[0] > KEPT:
            issuer = self.client.issuer
            told = await _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                doors = Doors.model_validate(told)
            except ValidationError as error:
                raise NotLetIn(_("%(issuer)s is no provider of OpenID Connect.") % {"issuer": issuer}) from error
            if doors.issuer != issuer:
                raise NotLetIn(
                    _(
                        "The provider calls itself %(itself)s, and SWAPBOARD_OIDC_ISSUER says %(issuer)s: "
                        "write it the same, to the last slash."
                    )
                    % {"itself": readable(doors.issuer)[:200], "issuer": issuer}
                )
            self._doors = now, doors
        return self._doors[1]


def _proof(client: Client, doors: Doors) -> str:
    if not client.client_secret:
        return "none"
    known = doors.token_endpoint_auth_methods_supported
    return "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"


async def _asked(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: str | None = None
) -> dict[str, Any]:
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, verify=authorities()) as client:
            answer = await client.request(method, url, headers=headers, content=body)
        told = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NotLetIn(_("The single sign-on does not answer as it should. Try again in a minute.")) from error
    if not isinstance(told, dict) or (answer.status_code >= 500):
        raise NotLetIn(_("The single sign-on does not answer as it should. Try again in a minute."))
    return told
