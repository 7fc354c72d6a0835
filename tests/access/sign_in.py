"""A platform's doors for signing in, by RFC 6749 (code, refresh), RFC 7636 (PKCE, S256) and RFC 7009 (revocation).

Nothing is sent here: each door takes what was asked and gives a status with what to say.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, unquote_plus, urlencode

CODE_SECONDS = 600
ACCESS_SECONDS = 3_600
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class App:
    """A client that was registered at the platform."""

    client_id: str
    secret: str
    redirects: tuple[str, ...]
    """Compared as they stand (RFC 6749, section 3.1.2.3)."""
    scopes: frozenset[str]
    name: str = "Swapboard"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was sent with, once it holds good."""

    redirect: str
    state: str
    scopes: tuple[str, ...]
    challenge: str
    is_offline: bool


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """An answer that says no."""

    error: str
    words: str
    status: int = 400

    @property
    def document(self) -> Mapping[str, object]:
        return {"error": self.error, "error_description": self.words}


@dataclass(slots=True)
class SignInDoors:
    """One platform with one app. `rotates`: each refresh gives a new token, and ends the old one."""

    app: App
    clock: Callable[[], float]
    needs_proof: bool = True
    rotates: bool = False
    codes: dict[str, tuple[Asked, float, bool]] = field(default_factory=dict)
    """By code: what was asked, until when, and whether it was used."""
    refresh_tokens: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def look(self, query: str) -> Asked:
        """What the browser asks for. Raises Refusal; one without `redirect` must not be sent anywhere."""
        asked = _single(query)
        if asked.get("client_id") != self.app.client_id:
            raise Refusal("invalid_client", "There is no such app.")
        if asked.get("redirect_uri") not in self.app.redirects:
            raise Refusal("redirect_uri_mismatch", "The app has no such redirect address.")
        if asked.get("response_type") != "code":
            raise Refusal("unsupported_response_type", "response_type must be code.")
        if not asked.get("state"):
            raise Refusal("invalid_request", "state is missing.")
        scopes = tuple(asked.get("scope", "").split())
        if not scopes or not set(scopes) <= self.app.scopes:
            raise Refusal("invalid_scope", "The app may not ask for that.")
        return Asked(
            asked["redirect_uri"],
            asked["state"],
            scopes,
            self._challenge(asked),
            asked.get("access_type") == "offline",
        )

    def agree(self, asked: Asked, scopes: tuple[str, ...] | None = None) -> str:
        """Where to send the browser whose person agreed (to these scopes only)."""
        code = secrets.token_urlsafe(24)
        given = asked if scopes is None else replace(asked, scopes=scopes)
        self.codes[code] = given, self.clock() + CODE_SECONDS, False
        return f"{asked.redirect}?{urlencode({'code': code, 'state': asked.state})}"

    @staticmethod
    def decline(asked: Asked) -> str:
        """Where to send the browser whose person did not."""
        return f"{asked.redirect}?{urlencode({'error': 'access_denied', 'state': asked.state})}"

    def token(self, headers: Mapping[str, str], body: str) -> Mapping[str, object]:
        """What an app gets for a code or a refresh token. Raises Refusal."""
        asked = self._from_app(headers, body)
        match asked.get("grant_type"):
            case "authorization_code":
                return self._for_code(asked)
            case "refresh_token":
                return self._for_refresh(asked.get("refresh_token", ""))
        raise Refusal("unsupported_grant_type", "grant_type must be authorization_code or refresh_token.")

    def revoke(self, headers: Mapping[str, str], body: str) -> None:
        """End a refresh token with all that hangs on it; one that is not known is no error. Raises Refusal."""
        token = self._from_app(headers, body).get("token", "")
        if not token:
            raise Refusal("invalid_request", "token is missing.")
        self._end(token)

    def _challenge(self, asked: Mapping[str, str]) -> str:
        challenge = asked.get("code_challenge", "")
        if not challenge and not self.needs_proof:
            return ""
        if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
            raise Refusal("invalid_request", "code_challenge with the method S256 is missing (RFC 7636).")
        return challenge

    def _from_app(self, headers: Mapping[str, str], body: str) -> Mapping[str, str]:
        """The fields of a request, if the app sent it. Raises Refusal."""
        if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise Refusal("invalid_request", "The body must be application/x-www-form-urlencoded.")
        asked = _single(body)
        client_id, secret = asked.get("client_id", ""), asked.get("client_secret", "")
        if headers.get("authorization", "").startswith("Basic "):
            if secret:
                raise Refusal("invalid_request", "An app proves itself in one way only.")
            both = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
            client_id, _colon, secret = (unquote_plus(each) for each in both.partition(":"))
        if client_id != self.app.client_id or not hmac.compare_digest(secret, self.app.secret):
            raise Refusal("invalid_client", "The app is not known, or its secret is wrong.", 401)
        return asked

    def _for_code(self, asked: Mapping[str, str]) -> Mapping[str, object]:
        code = asked.get("code", "")
        if code not in self.codes:
            raise Refusal("invalid_grant", "The code is not known.")
        was, until, is_used = self.codes[code]
        if is_used:
            self._end_all_of(code)
            raise Refusal("invalid_grant", "The code was used before.")
        self.codes[code] = was, until, True
        if self.clock() > until:
            raise Refusal("invalid_grant", "The code is over.")
        if asked.get("redirect_uri") != was.redirect:
            raise Refusal("invalid_grant", "The redirect address is another than before.")
        if was.challenge and not _proves(asked.get("code_verifier", ""), was.challenge):
            raise Refusal("invalid_grant", "The code verifier does not fit its challenge.")
        told = dict(self._access(self._new_refresh(was.scopes, code)))
        if not was.is_offline:
            del told["refresh_token"]
        return told

    def _for_refresh(self, token: str) -> Mapping[str, object]:
        if token not in self.refresh_tokens:
            raise Refusal("invalid_grant", "The token has been taken back, or it is not known.")
        if not self.rotates:
            return {name: value for name, value in self._access(token).items() if name != "refresh_token"}
        scopes = self.refresh_tokens[token]
        self._end(token)
        return self._access(self._new_refresh(scopes, token.partition(".")[0]))

    def _new_refresh(self, scopes: tuple[str, ...], family: str) -> str:
        token = f"{family}.{secrets.token_urlsafe(24)}"
        self.refresh_tokens[token] = scopes
        return token

    def _access(self, refresh: str) -> Mapping[str, object]:
        return {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh,
            "scope": " ".join(self.refresh_tokens[refresh]),
        }

    def _end(self, refresh: str) -> None:
        self.refresh_tokens.pop(refresh, None)

    def _end_all_of(self, code: str) -> None:
        for token in [each for each in self.refresh_tokens if each.startswith(f"{code}.")]:
            self._end(token)


def _single(text: str) -> Mapping[str, str]:
    """Each field once (RFC 6749, section 3.1). Raises Refusal."""
    fields = parse_qs(text, keep_blank_values=True)
    if any(len(values) > 1 for values in fields.values()):
        raise Refusal("invalid_request", "A field is there twice.")
    return {name: values[0] for name, values in fields.items()}


def _proves(verifier: str, challenge: str) -> bool:
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest, challenge)
