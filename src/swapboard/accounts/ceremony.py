"""The ceremonies of passkeys (WebAuthn level 3): what a browser is asked for, and whether its answer is right.

A passkey is bound to the server's host name, and is asked to make sure who holds it (PIN, finger, face): so it is
password and second step in one. The signatures are checked by py_webauthn, which takes a while to load.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from swapboard.accounts.passkeys import Passkey
from swapboard.accounts.person import Person
from swapboard.clock import MINUTE, Millis

CHALLENGE_LASTS: Millis = 5 * MINUTE
CHALLENGE_BYTES = 32
_LONGEST_ID_BYTES = 1_023
_WRONG = (WebAuthnException, ValueError, LookupError, TypeError, RecursionError)
"""What reading an answer can end with: py_webauthn looks into JSON and CBOR that may hold, or nest, anything."""


class NotIt(ValueError):
    """A browser's answer that lets nobody in."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys are good for: an origin, and the host that it names."""

    origin: str
    host: str


def place_of(public_url: str) -> Place | None:
    """Where passkeys of this server are good for; None where browsers would make none.

    They do so over HTTPS and on `localhost` only, and for names, not addresses.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if parts.scheme != "https" and host != "localhost" and not host.endswith(".localhost"):
        return None
    try:
        ip_address(host)
    except ValueError:
        return Place(public_url, host)
    return None


def making_options(place: Place, person: Person, known: Sequence[Passkey], challenge: bytes) -> str:
    """What `navigator.credentials.create` is told, as JSON."""
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=place.host,
            rp_name="Swapboard",
            user_name=person.email,
            user_id=person.person_id.encode(),
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[_named(each) for each in known],
        )
    )


def asking_options(place: Place, known: Sequence[Passkey], challenge: bytes) -> str:
    """What `navigator.credentials.get` is told, as JSON; without known ones, whichever the browser has."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=place.host,
            challenge=challenge,
            allow_credentials=[_named(each) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def made_passkey(
    place: Place, person: Person, answer: str, challenge: bytes, named: tuple[str, str], now: Millis
) -> Passkey:
    """The passkey that a browser made; `named` are our id and its name. Raises NotIt."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except _WRONG as error:
        raise NotIt(str(error)) from error
    if len(found.credential_id) > _LONGEST_ID_BYTES:
        raise NotIt("The passkey's id is too long.")
    credential_id = bytes_to_base64url(found.credential_id)
    key = found.credential_public_key
    return Passkey(
        person.company_id, person.person_id, named[0], credential_id, named[1], key, found.sign_count, now
    )


def credential_named(answer: str) -> str:
    """The id of the passkey that a browser's answer is by. Raises NotIt."""
    try:
        return bytes_to_base64url(parse_authentication_credential_json(answer).raw_id)
    except _WRONG as error:
        raise NotIt(str(error)) from error


def counted(place: Place, passkey: Passkey, answer: str, challenge: bytes) -> int:
    """How often the passkey says it was used, when the answer is by it. Raises NotIt."""
    try:
        handle = parse_authentication_credential_json(answer).response.user_handle
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _WRONG as error:
        raise NotIt(str(error)) from error
    if handle is not None and handle != passkey.person_id.encode():
        raise NotIt("The passkey says that it is somebody else's.")
    return found.new_sign_count


def _named(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id))
