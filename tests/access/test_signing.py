"""What we say at each platform's doors, held against doors that keep RFC 6749, 7636 and 7009."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from swapboard.access.grant import Grant, Pending
from swapboard.access.provider import PROVIDERS
from swapboard.access.signing import NotGiven, door, for_code, for_refresh, for_revoking, read
from swapboard.conversions.destinations.base import SignsIn
from swapboard.conversions.destinations.installed import destination_kind, installed
from swapboard.conversions.destinations.oauth import OAuthClient, Refused
from swapboard.conversions.destinations.request import Answer, Request
from tests.access.sign_in import App, Refusal, SignInDoors

REDIRECT = "https://calls.example.com/access/callback/x"
SECRET = "the-app-s-secret"
VERIFIER = "v" * 64
SCOPES = ("read", "write")


def a_grant(provider: str) -> Grant:
    return Grant("g", "c", provider, "Ours", "our-app", "sealed", SCOPES, {}, 0)


def doors_of(provider: str, *, rotates: bool = False) -> SignInDoors:
    app = App("our-app", SECRET, (REDIRECT,), frozenset(SCOPES))
    return SignInDoors(app, lambda: 0.0, needs_proof=PROVIDERS[provider].has_pkce, rotates=rotates)


def agreed(doors: SignInDoors, grant: Grant) -> str:
    """The code that the browser comes back with."""
    pending = Pending("g", "a-state", VERIFIER, 0, "")
    asked = doors.look(urlsplit(door(grant, pending, REDIRECT)).query)
    # Google only gives refresh tokens to who asks for them; the others always do.
    back = urlsplit(doors.agree(replace(asked, is_offline=asked.is_offline or grant.provider != "google")))
    told = parse_qs(back.query)
    assert told["state"] == ["a-state"]
    return told["code"][0]


def answered(doors: SignInDoors, request: Request) -> Answer:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        return Answer(200, {}, to_json(doors.token(headers, request.body.decode())))
    except Refusal as refusal:
        return Answer(refusal.status, {}, to_json(refusal.document))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_from_agreeing_to_taking_back(provider: str) -> None:
    grant, doors = a_grant(provider), doors_of(provider)
    request = for_code(grant, SECRET, agreed(doors, grant), VERIFIER, REDIRECT)
    tokens = read(grant, request, answered(doors, request))
    assert tokens.scopes == SCOPES
    again = for_refresh(grant, SECRET, tokens.refresh_token)
    assert read(grant, again, answered(doors, again)).refresh_token == ""
    over = for_revoking(
        replace(grant, addresses={"revoke": "https://x.example.com"}), SECRET, tokens.refresh_token
    )
    doors.revoke({name.lower(): value for name, value in over.headers.items()}, over.body.decode())
    with pytest.raises(NotGiven, match="taken back") as caught:
        read(grant, again, answered(doors, again))
    assert caught.value.for_good


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_secret_is_never_in_the_address(provider: str) -> None:
    grant = a_grant(provider)
    address = door(grant, Pending("g", "a-state", VERIFIER, 0, ""), REDIRECT)
    assert SECRET not in address
    assert VERIFIER not in address
    for request in (for_code(grant, SECRET, "a-code", VERIFIER, REDIRECT), for_refresh(grant, SECRET, "r")):
        assert request.url == grant.reached_by().token
        assert SECRET not in repr(request.url)


def test_linkedin_is_not_shown_a_proof_that_it_refuses() -> None:
    grant = a_grant("linkedin")
    assert "code_challenge" not in door(grant, Pending("g", "s", VERIFIER, 0, ""), REDIRECT)
    assert b"code_verifier" not in for_code(grant, SECRET, "a-code", VERIFIER, REDIRECT).body


def test_pipedrive_is_told_the_secret_in_the_header_only() -> None:
    request = for_refresh(a_grant("pipedrive"), SECRET, "r")
    assert request.headers["Authorization"].startswith("Basic ")
    assert SECRET.encode() not in request.body


def test_a_code_holds_once_and_a_second_use_ends_what_it_brought() -> None:
    grant, doors = a_grant("google"), doors_of("google")
    request = for_code(grant, SECRET, agreed(doors, grant), VERIFIER, REDIRECT)
    tokens = read(grant, request, answered(doors, request))
    with pytest.raises(NotGiven, match="used before"):
        read(grant, request, answered(doors, request))
    again = for_refresh(grant, SECRET, tokens.refresh_token)
    with pytest.raises(NotGiven):
        read(grant, again, answered(doors, again))


@pytest.mark.parametrize(
    ("verifier", "redirect", "secret", "words"),
    [
        ("w" * 64, REDIRECT, SECRET, "verifier does not fit"),
        (VERIFIER, f"{REDIRECT}/", SECRET, "another than before"),
        (VERIFIER, REDIRECT, "guessed", "secret is wrong"),
    ],
)
def test_the_platform_refuses_who_did_not_begin(verifier: str, redirect: str, secret: str, words: str) -> None:
    grant, doors = a_grant("google"), doors_of("google")
    request = for_code(grant, secret, agreed(doors, grant), verifier, redirect)
    with pytest.raises(NotGiven, match=words):
        read(grant, request, answered(doors, request))


@given(st.binary(max_size=200) | st.sampled_from([b'{"scope": ["a", "b"], "access_token": "x"}', b'{"scope": 7}']))
def test_any_answer_is_tokens_or_a_reason_without_secrets(body: bytes) -> None:
    grant = a_grant("google")
    request = for_refresh(grant, SECRET, "the-refresh-token")
    if b"access_token" in body:
        assert read(grant, request, Answer(200, {}, body)).scopes == ("a", "b")
        return
    with pytest.raises(NotGiven, match=r"^Google: ") as caught:
        read(grant, request, Answer(200, {}, body))
    assert "the-refresh-token" not in str(caught.value)


def test_a_platform_that_repeats_our_secret_does_not_show_it() -> None:
    grant = a_grant("google")
    request = for_refresh(grant, SECRET, "the-refresh-token")
    body = b'{"error": "x", "error_description": "bad the-app-s-secret or the-refresh-token"}'
    with pytest.raises(NotGiven, match="bad … or …"):
        read(grant, request, Answer(400, {}, body))


def test_hubspots_own_words_are_told() -> None:
    grant = a_grant("hubspot")
    request = for_refresh(grant, SECRET, "the-refresh-token")
    body = b'{"status": "BAD_REFRESH_TOKEN", "message": "missing or invalid refresh token"}'
    with pytest.raises(NotGiven, match=r"HubSpot: missing or invalid refresh token \(HTTP 400\)"):
        read(grant, request, Answer(400, {}, body))
    client = OAuthClient("https://api.example.com/token", "our-app", SECRET, "the-refresh-token")
    with pytest.raises(Refused) as refused:
        client.access_token(lambda _request: Answer(400, {}, body))
    assert "missing or invalid refresh token" in refused.value.result.words


def test_every_destination_that_signs_in_names_a_platform_and_the_fields_to_fill() -> None:
    kinds = [destination_kind(each) for each in installed()]
    signing = [kind for kind in kinds if isinstance(kind, SignsIn)]
    assert signing
    for kind in signing:
        assert kind.sign_in.provider in PROVIDERS
        names = {field.name: field for field in kind.fields}
        assert {"client_id", "client_secret", "refresh_token"} <= set(names)
        assert names["client_secret"].secret
        assert names["refresh_token"].secret
