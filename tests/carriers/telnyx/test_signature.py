"""Telnyx's signature: over the moment and the body, within five minutes."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from swapboard.carriers.base import Carrier, CarrierRequest, Door, Signer
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.sandbox.dialect import Webhook
from tests.carriers.telnyx.network import TELNYX, TelnyxDialect

NOW = 1_795_521_600_000
URL = "https://calls.example.com/carriers/c1/voice"


def request(shift: int = 0, dialect: TelnyxDialect | None = None, **changes: object) -> CarrierRequest:
    sent = (dialect or TELNYX.dialect).sent(Webhook(URL, {"CallSid": "v3:a", "From": "+12125550111"}), NOW)
    headers = {name.lower(): value for name, value in sent.headers.items()}
    headers |= changes.pop("headers", {})  # type: ignore[arg-type]
    body = changes.pop("body", sent.body)
    return CarrierRequest(Door.VOICE, "POST", URL, headers, body, NOW + shift * 1000)  # type: ignore[arg-type]


def telnyx() -> Carrier:
    return carrier_kind("telnyx").open(TELNYX.credentials)


@pytest.mark.parametrize(("shift", "is_own"), [(0, True), (299, True), (-299, True), (301, False), (-301, False)])
def test_five_minutes(shift: int, is_own: bool) -> None:
    assert telnyx().verify(request(shift)) is is_own


def test_another_body_moment_or_key_is_not_telnyxs() -> None:
    carrier = telnyx()
    assert not carrier.verify(request(body=b"CallSid=v3%3Ab"))
    assert not carrier.verify(request(headers={"telnyx-timestamp": str(NOW // 1000 + 1)}))
    assert not carrier.verify(request(dialect=TelnyxDialect(Ed25519PrivateKey.generate())))
    assert not isinstance(carrier, Signer)


@given(st.text(max_size=100), st.text(max_size=20))
def test_whatever_cannot_be_read_is_not_signed(signature: str, timestamp: str) -> None:
    headers = {"telnyx-signature-ed25519": signature, "telnyx-timestamp": timestamp}
    assert not telnyx().verify(request(headers=headers))


@pytest.mark.parametrize("key", ["", "c2hvcnQ=", "no Base64 ä"])
def test_a_key_that_is_none(key: str) -> None:
    with pytest.raises(ValueError, match="public key"):
        carrier_kind("telnyx").open(TELNYX.credentials | {"public_key": key})


@pytest.mark.parametrize("missing", ["api_key", "public_key", "application_id", "account_sid"])
def test_every_credential_is_needed(missing: str) -> None:
    with pytest.raises(ValueError, match="Please give"):
        carrier_kind("telnyx").open({**TELNYX.credentials, missing: " "})
