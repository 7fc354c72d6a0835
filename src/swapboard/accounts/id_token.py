"""What a single sign-on says of somebody (OpenID Connect Core 1.0, 3.1.3.7): checked to the letter, or refused.

The clock comes from outside. Signatures are checked by PyJWT, with keys of the provider's own only: neither an
unsigned token nor one that is signed with a shared secret is ever taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from math import isfinite
from typing import Any
from unicodedata import category

import jwt

from swapboard.accounts.person import is_email, plain_email
from swapboard.clock import SECOND, Millis
from swapboard.language import _

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS = 60
"""Clocks differ."""
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, 2."""


class NotLetIn(Exception):
    """Why nobody is let in; the words are for people."""


class UnknownKey(Exception):
    """The token names a key that is not among the provider's; it may have made a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be meant for us, and for this very log-in."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: Sequence[str] = ALGORITHMS
    """How the provider says that it signs, and we take."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider."""

    subject: str
    """`ISSUER SUB`, which never becomes somebody else."""
    email: str
    name: str
    claims: Mapping[str, Any]


def read_identity(
    token: str, keys: Mapping[str, Any], expected: Expected, now: Millis, *, trusts_email: bool
) -> Identity:
    """Who the token is of; `keys` are the provider's as it serves them (JWK Set). Raises NotLetIn, UnknownKey."""
    claims = _signed(token, keys, expected)
    _check_times(claims, now)
    if not compare_digest(_text(claims, "nonce").encode(), expected.nonce.encode()):
        raise NotLetIn(_("The answer belongs to another log-in (its nonce is not ours). Try once more."))
    others = claims["aud"] != expected.client_id and claims["aud"] != [expected.client_id]
    if (others or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise NotLetIn(_("The answer was made for another application (azp)."))
    subject = _text(claims, "sub")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotLetIn(_("The answer's subject cannot be read (sub)."))
    email = plain_email(_text(claims, "email"))
    if not is_email(email):
        raise NotLetIn(_("It tells no e-mail address of you. Whoever runs it has to release the claim “email”."))
    said = claims.get("email_verified")
    # Some say it in letters.
    if said is not True and said != "true" and not (said is None and trusts_email):
        raise NotLetIn(
            _("It does not say that %(email)s was verified, so it could be anybody's.") % {"email": email}
        )
    return Identity(f"{expected.issuer} {subject}", email, _text(claims, "name")[:200] or email, claims)


def readable(text: str) -> str:
    """What can be shown and kept of somebody else's words: no NUL, and no half of a letter (a lone surrogate)."""
    return "".join(letter for letter in text if category(letter) not in {"Cc", "Cs"})


def _text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is a text; nothing where it is none that can be kept as it stands."""
    value = claims.get(name)
    return value if isinstance(value, str) and value == readable(value) else ""


def values_of(claims: Mapping[str, Any], path: str) -> Sequence[str]:
    """The texts of a claim; dots lead into objects, as in Keycloak's `realm_access.roles`."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    return [str(each) for each in found] if isinstance(found, list) else [str(found)] if found is not None else []


def _signed(token: str, keys: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    try:
        key = _key(token, keys, expected.algorithms)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(expected.algorithms),
            audience=expected.client_id,
            issuer=expected.issuer,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                # By the clock that comes from outside.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidAudienceError as error:
        raise NotLetIn(_("The answer was made for another application (aud).")) from error
    except jwt.InvalidIssuerError as error:
        raise NotLetIn(_("The answer is of another provider (iss).")) from error
    except jwt.MissingRequiredClaimError as error:
        raise NotLetIn(_("The answer lacks what it must say (%(claim)s).") % {"claim": error.claim}) from error
    except jwt.PyJWTError as error:
        raise NotLetIn(_("The answer's signature does not fit the provider's keys.")) from error
    return claims


def _key(token: str, keys: Mapping[str, Any], algorithms: Sequence[str]) -> jwt.PyJWK:
    """Raises UnknownKey, PyJWTError."""
    header = jwt.get_unverified_header(token)
    algorithm, kid, listed = header.get("alg"), header.get("kid"), keys.get("keys")
    if algorithm not in algorithms:
        raise jwt.InvalidAlgorithmError("not a signature of the provider's own")
    offered = listed if isinstance(listed, list) else []
    known = [each for each in offered if isinstance(each, dict) and each.get("use") != "enc"]
    named = [each for each in known if each.get("kid") == kid]
    if not named and not (kid is None and len(known) == 1):
        raise UnknownKey
    key = (named or known)[0]
    # A key that names no algorithm may sign by each that is one for its kind (RFC 7517, 4.4).
    if key.get("alg", algorithm) != algorithm:
        raise jwt.InvalidAlgorithmError("the key is for another algorithm")
    return jwt.PyJWK(key, algorithm)


def _check_times(claims: Mapping[str, Any], now: Millis) -> None:
    at = now / SECOND
    times = [claims.get(name) for name in ("exp", "iat", "nbf")]
    if not all(each is None or _is_number(each) for each in times):
        raise NotLetIn(_("The answer's times cannot be read."))
    if claims["exp"] <= at - LEEWAY_SECONDS:
        raise NotLetIn(_("The answer has expired. Try once more; if it stays so, one of the two clocks is wrong."))
    if max(claims["iat"], claims.get("nbf") or 0) > at + LEEWAY_SECONDS:
        raise NotLetIn(_("The answer is from the future: one of the two clocks is wrong."))


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)
