"""A provider of single sign-on that holds its clients to the rules, and lies in its tokens when it is told to."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.local_server import answering

CLIENT_ID, CLIENT_SECRET = "switchboard", "a secret: of/its own"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class StandIn:
    """Whom it lets in, and how it lies."""

    redirect: str
    now: int
    """Seconds since the epoch."""
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    """Claims that the token says in place of the right ones; None leaves one out."""
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    signs_with: rsa.RSAPrivateKey | None = None
    algorithm: str = "RS256"
    kid: str = "first"
    key_names_algorithm: bool = True
    says_it_signs_with: list[str] | None = None
    """What its discovery document lists; None leaves it out."""
    lists: dict[str, Any] | None = None
    """What it serves in place of its keys."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """What a client did against the rules."""

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        wanted = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": self.redirect,
            "code_challenge_method": "S256",
        }
        self._hold(all(asked.get(name) == value for name, value in wanted.items()), f"authorize: {asked}")
        self._hold("openid" in asked.get("scope", "").split(), "no scope openid")
        self._hold(
            min(len(asked.get(name, "")) for name in ("state", "nonce", "code_challenge")) >= 20, "guessable"
        )
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{self.redirect}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (unquote(name), unquote(secret)) != (CLIENT_ID, CLIENT_SECRET) and (name, secret) != (
            CLIENT_ID,
            CLIENT_SECRET,
        ):
            return 401, {"error": "invalid_client", "error_description": f"{CLIENT_SECRET} is not it"}
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != self.redirect:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def keys(self) -> dict[str, Any]:
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        algorithm = {"alg": "RS256"} if self.key_names_algorithm else {}
        return self.lists or {"keys": [{**jwk, "kid": self.kid, "use": "sig", **algorithm}]}

    def _id_token(self, nonce: str) -> str:
        told = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "1",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": nonce,
            "email_verified": True,
            **self.claims,
            **self.lies,
        }
        said = {name: value for name, value in told.items() if value is not None}
        if self.algorithm == "none":
            return jwt.encode(said, "", algorithm="none", headers={"kid": self.kid})
        if self.algorithm == "HS256":
            return jwt.encode(said, CLIENT_SECRET.ljust(32), algorithm="HS256", headers={"kid": self.kid})
        return jwt.encode(said, self.signs_with or self.key, algorithm=self.algorithm, headers={"kid": self.kid})

    def _hold(self, is_right: bool, what: str) -> None:
        if not is_right:
            self.faults.append(what)


@contextmanager
def standing_in(redirect: str, now: int) -> Iterator[StandIn]:
    provider = StandIn(redirect, now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif parts.path == "/keys":
                self._answer(200, provider.keys())
            else:
                doors: dict[str, Any] = {
                    "issuer": provider.issuer,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "jwks_uri": f"{base}/keys",
                }
                if provider.says_it_signs_with is not None:
                    doors["id_token_signing_alg_values_supported"] = provider.says_it_signs_with
                self._answer(200, doors)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.token(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    with answering(Handler) as server:
        base = provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        yield provider
