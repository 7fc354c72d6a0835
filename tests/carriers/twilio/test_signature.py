"""Requests signed by the official client's validator are accepted, altered ones are not, and nothing raises."""

import hashlib
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from swapboard.carriers.base import CarrierRequest, Door
from swapboard.carriers.parameters import parameters
from swapboard.carriers.twilio.signature import is_signed, signed

TOKEN = "a-token-of-the-account"
SHARED = "a-shared-key's-secret"
URL = "https://calls.example.com/carriers/c1/voice?state=dialling"
FORM = {
    "CallSid": "CA" + "1" * 32,
    "From": "+12125550111",
    "To": "+12025550143",
    "CallerName": "Zoë & Söhne = ☎",
    "FromCity": "",
}
SETTINGS = "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256"


def request(
    form: dict[str, str] | None = None,
    *,
    url: str = URL,
    signed_url: str | None = None,
    token: str = TOKEN,
    settings: str | None = None,
    method: str = "POST",
) -> CarrierRequest:
    """A request that the official package signed."""
    form = FORM if form is None else form
    algorithm = "HMAC_SHA256" if settings else None
    signature = RequestValidator(token).compute_signature(signed_url or url, form, algorithm)
    headers = {"x-twilio-signature": signature, "content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    if settings:
        headers["x-twilio-webhooks-signature-settings"] = settings
    return CarrierRequest(Door.VOICE, method, url, headers, urlencode(form).encode(), 0)


def json_request(body: bytes = b'{"CallSid": "CA1"}') -> CarrierRequest:
    url = f"https://calls.example.com/carriers/c1/status?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    headers = {"x-twilio-signature": signature, "content-type": "application/json"}
    return CarrierRequest(Door.STATUS, "POST", url, headers, body, 0)


def test_a_signed_form() -> None:
    assert is_signed(request(), (TOKEN,))


def test_a_signed_form_with_repeated_and_very_many_names() -> None:
    fields = [(f"SipHeader_X-{place}", str(place)) for place in range(300)]
    fields += [("To", "+12025550143"), ("Other", "b"), ("Other", "a"), ("Other", "b")]
    signature = RequestValidator(TOKEN).compute_signature(URL, ImmutableMultiDict(fields))
    sent = replace(request(), body=urlencode(fields).encode(), headers={"x-twilio-signature": signature})
    assert is_signed(sent, (TOKEN,))
    assert not is_signed(replace(sent, body=sent.body.replace(b"Other=a", b"Other=c")), (TOKEN,))
    told = parameters(sent)
    assert (told["To"], told["Other"], len(told)) == ("+12025550143", "b", 302)


def test_a_signed_json_body() -> None:
    assert is_signed(json_request(), (TOKEN,))


def test_a_signed_get() -> None:
    url = f"https://calls.example.com/carriers/c1/voice?{urlencode(FORM)}"
    signed = replace(request({}, url=url, method="GET"), body=b"")
    assert is_signed(signed, (TOKEN,))
    assert not is_signed(replace(signed, url=url.replace("555", "556")), (TOKEN,))


def test_a_shared_key_with_sha256() -> None:
    signed = request(token=SHARED, settings=SETTINGS)
    assert is_signed(signed, (TOKEN, SHARED))
    assert not is_signed(signed, (TOKEN,))


def test_while_a_key_is_changed_the_old_and_the_new_are_taken() -> None:
    assert is_signed(request(token="old", settings=SETTINGS), (TOKEN, "new", "old"))
    assert is_signed(request(token="new", settings=SETTINGS), (TOKEN, "new", "old"))


@pytest.mark.parametrize(
    ("settings", "accepted"),
    [
        ("key=k,algorithm=HMAC_SHA256", True),
        ("key=k,algorithm=hmac_sha256", True),
        ("algorithm = HMAC_SHA256 ,key=k", True),
        ("key=k,algorithm=HMAC_SHA1", False),
        ("key=k,algorithm=HMAC_MD5", False),
        ("key=k,algorithm=", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_the_algorithm_is_the_one_in_the_header(settings: str, accepted: bool) -> None:
    signed = request(token=SHARED, settings=SETTINGS)
    headers = {**signed.headers, "x-twilio-webhooks-signature-settings": settings}
    assert is_signed(replace(signed, headers=headers), (SHARED,)) is accepted


@pytest.mark.parametrize(
    ("url", "signed_url"),
    [
        ("https://calls.example.com/carriers/c1/voice", "https://calls.example.com:443/carriers/c1/voice"),
        ("https://calls.example.com:443/carriers/c1/voice", "https://calls.example.com/carriers/c1/voice"),
        ("http://calls.example.com/carriers/c1/voice", "http://calls.example.com:80/carriers/c1/voice"),
        ("https://calls.example.com:8443/carriers/c1/voice", "https://calls.example.com/carriers/c1/voice"),
        ("https://calls.example.com:8443/carriers/c1/voice", "https://calls.example.com:8443/carriers/c1/voice"),
    ],
)
def test_the_port_may_be_signed_or_not(url: str, signed_url: str) -> None:
    assert is_signed(request(url=url, signed_url=signed_url), (TOKEN,))


@pytest.mark.parametrize(
    "url",
    [
        URL.replace("https", "http"),
        URL.replace("calls.", "evil."),
        URL.replace("/c1/", "/c2/"),
        URL.replace("voice", "status"),
        URL.replace("dialling", "new"),
        URL.partition("?")[0],
        URL + "&more=1",
        URL.upper(),
    ],
)
def test_another_address(url: str) -> None:
    assert not is_signed(replace(request(), url=url), (TOKEN,))


@pytest.mark.parametrize("name", FORM)
def test_a_parameter_altered_removed_or_renamed(name: str) -> None:
    signed = request()
    others = {key: value for key, value in FORM.items() if key != name}
    for form in ({**FORM, name: FORM[name] + "1"}, {**others, f"{name}x": FORM[name]}):
        assert not is_signed(replace(signed, body=urlencode(form).encode()), (TOKEN,))
    removed = is_signed(replace(signed, body=urlencode(others).encode()), (TOKEN,))
    assert not removed


@pytest.mark.parametrize("more", [b"&DialCallStatus=completed", b"&CallSid=CA2", b"&From=%2B12125550112"])
def test_a_parameter_added_or_repeated(more: bytes) -> None:
    signed = request()
    assert not is_signed(replace(signed, body=signed.body + more), (TOKEN,))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-twilio-signature": ""},
        {"x-twilio-signature": "AAAA"},
        {"x-twilio-signature": "ÿ☎\ud800"},
        {"x-twilio-signature": "=" * 10_000},
    ],
)
def test_no_signature_or_none_worth_the_name(headers: dict[str, str]) -> None:
    assert not is_signed(replace(request(), headers=headers), (TOKEN,))


def test_another_token_or_none_at_all() -> None:
    assert not is_signed(request(token="another"), (TOKEN,))
    assert not is_signed(request(), ())


def test_a_json_body_altered_emptied_or_without_its_hash() -> None:
    signed = json_request()
    assert not is_signed(replace(signed, body=signed.body + b" "), (TOKEN,))
    assert not is_signed(replace(signed, body=b""), (TOKEN,))
    as_form = {**signed.headers, "content-type": "application/x-www-form-urlencoded"}
    assert not is_signed(replace(signed, body=b"", headers=as_form), (TOKEN,))
    assert not is_signed(replace(signed, headers=as_form), (TOKEN,))
    bare = signed.url.partition("?")[0]
    signature = RequestValidator(TOKEN).compute_signature(bare, {})
    assert not is_signed(
        replace(signed, url=bare, headers={**signed.headers, "x-twilio-signature": signature}), (TOKEN,)
    )


@pytest.mark.parametrize("body", [b"\xff\xfe", b"CallSid=%ff", b"a=" + b"\x00" * 10, b"&" * 500, b"a=1&" * 5_000])
@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "application/json", "", "text/plain"]
)
def test_a_body_that_cannot_be_read(body: bytes, content_type: str) -> None:
    unreadable = replace(request(), body=body)
    assert not is_signed(
        replace(unreadable, headers={**unreadable.headers, "content-type": content_type}), (TOKEN,)
    )


@pytest.mark.parametrize("url", ["", "https://calls.example.com:port/x", "https://[::1/x", "//", "\ud800"])
def test_an_address_that_is_none(url: str) -> None:
    assert not is_signed(replace(request(), url=url), (TOKEN,))


@given(
    form=st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=30), max_size=8),
    sha256=st.booleans(),
)
def test_whatever_the_validator_signs_is_accepted(form: dict[str, str], sha256: bool) -> None:
    signed = request(form, settings=SETTINGS if sha256 else None)
    assert is_signed(signed, (TOKEN,))
    assert not is_signed(signed, (TOKEN + "x",))


@given(
    body=st.binary(max_size=200), headers=st.dictionaries(st.text(max_size=20), st.text(max_size=60), max_size=3)
)
def test_noise_is_not_signed(body: bytes, headers: dict[str, str]) -> None:
    noise = {"x-twilio-signature": "c2lnbmF0dXJl", **headers}
    assert not is_signed(CarrierRequest(Door.VOICE, "POST", URL, noise, body, 0), (TOKEN,))


@given(name=st.text(max_size=20), value=st.text(max_size=20))
def test_json_that_the_validator_signs_is_accepted(name: str, value: str) -> None:
    assert is_signed(json_request(json.dumps({name: value}, ensure_ascii=False).encode()), (TOKEN,))


@pytest.mark.parametrize("unsigned", [request(), json_request(), replace(request(method="GET"), body=b"")])
def test_what_we_sign_ourselves_is_signed_whatever_its_body(unsigned: CarrierRequest) -> None:
    """A signer that knew forms only could sign for no carrier that signs raw bodies."""
    bare = replace(unsigned, headers={"content-type": unsigned.headers["content-type"]})
    assert not is_signed(bare, (TOKEN,))
    headers = {name.lower(): value for name, value in signed(bare, TOKEN).items()}
    assert is_signed(replace(bare, headers={**bare.headers, **headers}), (TOKEN,))
    altered = replace(bare, body=bare.body + b"&x=1", headers={**bare.headers, **headers})
    assert not is_signed(altered, (TOKEN,))
