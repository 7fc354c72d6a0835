"""Requests signed by the official package are accepted, altered ones are not, its validator takes ours."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plivo.utils.signature_v3 import (
    construct_get_url,
    construct_post_url,
    get_signature_v3,
    validate_v3_signature,
)

from swapboard.carriers.base import CarrierRequest, Door
from swapboard.carriers.plivo.signature import is_signed, signed

TOKEN = "a-token-of-the-account"
NONCE = "05429567804466091622"
URL = "https://calls.example.com/carriers/c1/voice?state=dial~~0~0~1~0~"
FORM = {
    "CallUUID": "c0a58e17",
    "From": "12125550111",
    "To": "12025550143",
    "CallerName": "Zoë & Söhne = ☎",
    "A": "",
}


def request(
    form: dict[str, str] | None = None, *, url: str = URL, token: str = TOKEN, method: str = "POST"
) -> CarrierRequest:
    """A request that the official package signed."""
    form = FORM if form is None else form
    content = construct_post_url(url, dict(form)) if method == "POST" else construct_get_url(url, {})
    signature = get_signature_v3(token.encode(), content.decode(), NONCE.encode()).decode()
    headers = {"x-plivo-signature-v3": signature, "x-plivo-signature-v3-nonce": NONCE}
    body = urlencode(form).encode() if method == "POST" else b""
    return CarrierRequest(Door.VOICE, method, url, headers, body, 0)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        URL.partition("?")[0],
        "https://calls.example.com:8443/carriers/c1/voice?b=2&a=1&a=0&c=",
        "https://calls.example.com/carriers/c1/voice?state=keys~f%2520l~x%257Ey~0~0~2~0~menu%253A1",
    ],
)
@pytest.mark.parametrize("form", [FORM, {}])
def test_what_the_official_package_signs(url: str, form: dict[str, str]) -> None:
    assert is_signed(request(form, url=url), TOKEN)
    assert not is_signed(request(form, url=url), "another")


def test_a_form_with_a_repeated_name() -> None:
    content = construct_post_url(URL, {"A": ["2", "1"], "B": "3"})
    signature = get_signature_v3(TOKEN.encode(), content.decode(), NONCE.encode()).decode()
    signed_so = {**request().headers, "x-plivo-signature-v3": signature}
    assert is_signed(replace(request(), headers=signed_so, body=b"A=2&A=1&B=3"), TOKEN)
    assert not is_signed(replace(request(), headers=signed_so, body=b"A=2&B=3"), TOKEN)


def test_a_signed_get() -> None:
    plain = FORM | {"CallerName": "Zoe"}  # the official package reads no others in an address
    got = request(url=f"https://calls.example.com/carriers/c1/voice?{urlencode(plain)}", method="GET")
    assert is_signed(got, TOKEN)
    assert not is_signed(replace(got, url=got.url.replace("555", "556")), TOKEN)


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=4))
def test_the_official_validator_takes_ours(form: dict[str, str]) -> None:
    body = urlencode(form, errors="replace").encode()
    form = {
        name.encode(errors="replace").decode(): value.encode(errors="replace").decode()
        for name, value in form.items()
    }
    ours = signed(CarrierRequest(Door.VOICE, "POST", URL, {}, body, 0), TOKEN)
    nonce, signature = ours["X-Plivo-Signature-V3-Nonce"], ours["X-Plivo-Signature-V3"]
    assert validate_v3_signature("POST", URL, nonce, TOKEN, signature, form)


def test_one_of_several_signatures_is_enough() -> None:
    asked = request()
    ours = asked.headers["x-plivo-signature-v3"]
    many = {**asked.headers, "x-plivo-signature-v3": f"AAAA, {ours}"}
    assert is_signed(replace(asked, headers=many), TOKEN)
    of_main = {
        "x-plivo-signature-ma-v3": ours,
        "x-plivo-signature-v3-nonce": NONCE,
        "x-plivo-signature-v3": "AAAA",
    }
    assert is_signed(replace(asked, headers=of_main), TOKEN)


@pytest.mark.parametrize(
    "url",
    [URL.replace("https", "http"), URL.replace("/c1/", "/c2/"), URL.partition("?")[0], URL + "&more=1", "://["],
)
def test_another_address(url: str) -> None:
    assert not is_signed(replace(request(), url=url), TOKEN)


@pytest.mark.parametrize("name", FORM)
def test_a_parameter_altered_or_removed(name: str) -> None:
    asked = request()
    others = {key: value for key, value in FORM.items() if key != name}
    assert not is_signed(replace(asked, body=urlencode({**FORM, name: FORM[name] + "1"}).encode()), TOKEN)
    assert not is_signed(replace(asked, body=urlencode(others).encode()), TOKEN)


@pytest.mark.parametrize("more", [b"&DialStatus=completed", b"&CallUUID=2"])
def test_a_parameter_added_or_repeated(more: bytes) -> None:
    asked = request()
    assert not is_signed(replace(asked, body=asked.body + more), TOKEN)


def test_another_nonce_or_none() -> None:
    asked = request()
    for nonce in ("1", ""):
        headers = {**asked.headers, "x-plivo-signature-v3-nonce": nonce}
        assert not is_signed(replace(asked, headers=headers), TOKEN)


@given(
    st.dictionaries(
        st.sampled_from(["x-plivo-signature-v3", "x-plivo-signature-v3-nonce", "content-type"]),
        st.text(max_size=40),
    ),
    st.binary(max_size=60),
    st.text(max_size=30),
)
def test_nothing_raises(headers: dict[str, str], body: bytes, url: str) -> None:
    assert not is_signed(CarrierRequest(Door.VOICE, "POST", url, headers, body, 0), TOKEN)
