"""Whatever a browser answers to a passkey's ceremony, it fits or does not: nothing else comes of it."""

import json
from contextlib import suppress
from typing import Any

import cbor2
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from swapboard.accounts.ceremony import (
    NotIt,
    Place,
    asking_options,
    counted,
    credential_named,
    made_passkey,
    making_options,
)
from swapboard.accounts.person import Person
from tests.authenticator import Authenticator

HERE = Place("https://board.example.com", "board.example.com")
ADA = Person("c" * 32, "p" * 32, "ada@example.com", 1)
CHALLENGE = bytes(32)
NAMED = "k" * 32, "Phone"
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.binary(max_size=40)
)
CBOR = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.integers(-4, 4) | st.text(), inner)),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)),
)
COSE = st.dictionaries(st.sampled_from([1, 2, 3, -1, -2, -3]), st.integers(-300, 10) | CBOR, max_size=6)
OFTEN = settings(max_examples=400, deadline=None)


@st.composite
def spoilt(draw: st.DrawFn, answer: str) -> str:
    """A right answer with something else in one or two of its places, or another byte in one of its parts."""
    told: dict[str, Any] = json.loads(answer)
    for _turn in range(draw(st.integers(1, 2))):
        within = told["response"] if isinstance(told.get("response"), dict) and draw(st.booleans()) else told
        name = draw(st.sampled_from(sorted(within) or ["id"]))
        within[name] = draw(st.one_of(JSON, _other_bytes(within.get(name)), CBOR.map(_as_text)))
    return json.dumps(told)


def _other_bytes(value: object) -> st.SearchStrategy[object]:
    if not isinstance(value, str) or not value:
        return st.binary(max_size=80).map(bytes_to_base64url)
    content = _bytes_of(value)

    def changed(at: int, new: bytes, end: int) -> str:
        return bytes_to_base64url(content[:at] + new + content[at + end :])

    return st.builds(changed, st.integers(0, len(content)), st.binary(max_size=6), st.sampled_from([0, 1, 4, 999]))


def _bytes_of(text: str) -> bytes:
    with suppress(ValueError):
        return base64url_to_bytes(text)
    return text.encode()


def _as_text(value: object) -> str:
    return bytes_to_base64url(cbor2.dumps(value))


def answers(device: Authenticator) -> tuple[str, str]:
    """What a true authenticator says when it makes a passkey, and when it signs with it."""
    made = device.make(json.loads(making_options(HERE, ADA, (), CHALLENGE)))
    return made, device.sign(json.loads(asking_options(HERE, (), CHALLENGE)))


DEVICE = Authenticator(HERE.origin, HERE.host)
MADE, SIGNED = answers(DEVICE)
OURS = made_passkey(HERE, ADA, MADE, CHALLENGE, NAMED, 1)


def test_what_the_authenticator_says_fits() -> None:
    assert (credential_named(SIGNED), counted(HERE, OURS, SIGNED, CHALLENGE)) == (OURS.credential_id, 1)


@OFTEN
@given(st.one_of(st.text(), JSON.map(json.dumps), spoilt(MADE), spoilt(SIGNED)))
def test_an_answer_makes_a_passkey_or_does_not_fit(answer: str) -> None:
    with suppress(NotIt):
        made_passkey(HERE, ADA, answer, CHALLENGE, NAMED, 1)


@OFTEN
@given(COSE | CBOR)
def test_whatever_it_calls_its_key_lets_in_or_does_not_fit(cose: object) -> None:
    made, signed = answers(Authenticator(HERE.origin, HERE.host, cose=cose))
    with suppress(NotIt):
        counted(HERE, made_passkey(HERE, ADA, made, CHALLENGE, NAMED, 1), signed, CHALLENGE)


@OFTEN
@given(st.one_of(st.text(), JSON.map(json.dumps), spoilt(SIGNED), spoilt(MADE)))
def test_an_answer_lets_in_or_does_not_fit(answer: str) -> None:
    with suppress(NotIt):
        credential_named(answer)
    with suppress(NotIt):
        # Its words may be spoilt where nobody looks; what is signed is not.
        assert counted(HERE, OURS, answer, CHALLENGE) == 1
