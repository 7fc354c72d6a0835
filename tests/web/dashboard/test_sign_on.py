"""Single sign-on against a provider that holds us to the rules; whatever it says wrong lets nobody in."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, update

from swapboard.accounts.company import Role
from swapboard.accounts.people import members_of, person_by_email
from swapboard.accounts.person import Person
from swapboard.clock import SECOND
from swapboard.storage.schema import people
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from swapboard.web.dashboard.login import TRIES_PER_ADDRESS_AT_ONCE
from tests.building import ON_SQLITE
from tests.sign_on_stand_in import CLIENT_ID, CLIENT_SECRET, StandIn, new_key, standing_in
from tests.web.dashboard.shop import ORIGIN, Browser, Clock, Shop
from tests.web.dashboard.test_members import invited
from tests.web.dashboard.test_second_step import set_up

pytestmark = [pytest.mark.anyio, ON_SQLITE]

OWNER = {"email": "Owner@example.com", "name": "Olga"}


@pytest.fixture
def provider(clock: Clock) -> Iterator[StandIn]:
    with standing_in(f"{ORIGIN}/login/sso/callback", clock() // SECOND) as provider:
        provider.claims = dict(OWNER)
        yield provider
        assert provider.faults == []


def browser_of(exchange: Exchange, provider: StandIn, **more: Any) -> Browser:
    told = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    exchange.settings = replace(exchange.settings, **{**told, "oidc_name": "Example <Corp>", **more})
    return Browser(transport=httpx.ASGITransport(dashboard(exchange)), base_url=ORIGIN)


@pytest.fixture
async def browser(exchange: Exchange, shop: Shop, provider: StandIn) -> AsyncIterator[Browser]:
    async with browser_of(exchange, provider) as browser:
        yield browser


async def come_in(browser: Browser, wanted: str = "/calls") -> httpx.Response:
    """To the provider, and back with what it says."""
    sent = await browser.get(f"/login/sso?next={wanted}")
    assert sent.status_code == 303, sent.text
    async with httpx.AsyncClient() as outside:
        back = await outside.get(sent.headers["location"])
    return await browser.get(back.headers["location"])


async def person(shop: Shop, email: str = "owner@example.com") -> Person | None:
    return await shop.exchange.read(lambda connection: person_by_email(connection, email))


async def roles(shop: Shop) -> dict[str, Role]:
    found = await shop.exchange.read(lambda connection: members_of(connection, shop.company_id))
    return {user.email: user.role for user in found}


async def test_who_has_a_place_comes_in_and_is_known_by_their_subject(
    browser: Browser, shop: Shop, provider: StandIn
) -> None:
    assert "Log in with Example &lt;Corp&gt;" in (await browser.get("/login")).text
    assert (await come_in(browser)).headers["location"] == "/calls"
    assert (await browser.get("/calls")).status_code == 200
    found = await person(shop)
    assert found
    assert (found.subject, found.password_hash is None) == (f"{provider.issuer} 1", False)
    # The address may change there; who it is does not.
    provider.claims["email"] = "renamed@example.com"
    assert (await come_in(browser)).status_code == 303
    provider.claims = {**OWNER, "sub": "2"}
    refused = await come_in(browser)
    assert (refused.status_code, "--drop-single-sign-on" in refused.text) == (403, True)


LIES: dict[str, tuple[dict[str, Any], str]] = {
    "nonce": ({"nonce": "another"}, "nonce is not ours"),
    "no nonce": ({"nonce": None}, "nonce is not ours"),
    "audience": ({"aud": "another"}, "another application (aud)"),
    "azp": ({"aud": [CLIENT_ID, "other"], "azp": "other"}, "another application (azp)"),
    "no azp": ({"aud": [CLIENT_ID, "other"]}, "another application (azp)"),
    "issuer": ({"iss": "https://evil.example.net"}, "another provider (iss)"),
    "no subject": ({"sub": None}, "lacks what it must say (sub)"),
    "no end": ({"exp": None}, "lacks what it must say (exp)"),
    "expired": ({"exp": 1_790_000_000, "iat": 1_789_999_000}, "has expired"),
    "future": ({"iat": 1_890_000_000}, "from the future"),
    "words for times": ({"iat": "now"}, "times cannot be read"),
    "unverified": ({"email_verified": False}, "does not say that owner@example.com was verified"),
    "not said": ({"email_verified": None}, "does not say that owner@example.com was verified"),
    "no e-mail": ({"email": None}, "tells no e-mail address"),
    "a list for a word": ({"email_verified": ["true"]}, "does not say that owner@example.com was verified"),
    "an object for a word": ({"email_verified": {}}, "does not say that owner@example.com was verified"),
    "a list of addresses": ({"email": ["owner@example.com"]}, "tells no e-mail address"),
    "a NUL in the address": ({"email": "owner\x00@example.com"}, "tells no e-mail address"),
    "half a letter in the nonce": ({"nonce": "\ud800"}, "nonce is not ours"),
    "a NUL in the subject": ({"sub": "1\x00"}, "subject cannot be read"),
    "a subject without end": ({"sub": "1" * 256}, "subject cannot be read"),
    "a time that is none": ({"iat": float("nan")}, "times cannot be read"),
    "for ever": ({"exp": float("inf")}, "times cannot be read"),
    "an endless number": ({"iat": 10**400}, "from the future"),
    "no list of audiences": ({"aud": {"a": 1}}, "another application (aud)"),
}


async def test_whatever_it_says_wrong_lets_nobody_in_and_says_why(
    browser: Browser, shop: Shop, exchange: Exchange, provider: StandIn
) -> None:
    for what, (lie, said) in LIES.items():
        provider.lies = lie
        # Another server for each, for one would soon say that there were too many tries.
        async with browser_of(exchange, provider) as liar:
            refused = await come_in(liar)
            told = refused.status_code, said in unescape(refused.text)
            assert told == (403, True), (what, refused.text[-900:])
            assert (await liar.get("/calls")).status_code == 303
    provider.lies = {"email_verified": "true", "name": "Ol\x00ga \ud800"}
    assert (await come_in(browser)).status_code == 303


async def test_no_other_signature_is_taken(browser: Browser, shop: Shop, provider: StandIn) -> None:
    for change in ({"signs_with": new_key()}, {"algorithm": "none"}, {"algorithm": "HS256"}):
        before = {name: getattr(provider, name) for name in change}
        for name, value in change.items():
            setattr(provider, name, value)
        refused = await come_in(browser)
        assert (refused.status_code, "signature does not fit" in unescape(refused.text)) == (403, True), change
        for name, value in before.items():
            setattr(provider, name, value)
    assert (await come_in(browser)).status_code == 303
    # A new key of its own is looked up.
    provider.key, provider.kid = new_key(), "second"
    assert (await come_in(browser)).status_code == 303


@pytest.mark.parametrize(
    ("listed", "status", "said"),
    [
        (["RS256", "ES256"], 303, ""),
        (["ES256"], 403, "signature does not fit"),
        (["HS256", "none"], 403, "signs in no way that is taken here (HS256, none)"),
    ],
)
async def test_it_signs_only_as_its_discovery_says(
    browser: Browser, provider: StandIn, listed: list[str], status: int, said: str
) -> None:
    provider.says_it_signs_with = listed
    answer = await come_in(browser)
    assert (answer.status_code, said in answer.text) == (status, True)


async def test_a_refusal_is_in_the_language_of_who_is_refused(browser: Browser, provider: StandIn) -> None:
    provider.lies = {"nonce": "another"}
    browser.headers["accept-language"] = "de"
    assert "ihre Nonce ist nicht unsere" in (await come_in(browser)).text


async def test_a_key_that_names_no_algorithm_signs_by_each_of_its_kind(
    browser: Browser, shop: Shop, exchange: Exchange, provider: StandIn
) -> None:
    provider.key_names_algorithm = False
    for algorithm in ("RS256", "PS256", "RS512"):
        provider.algorithm = algorithm
        assert (await come_in(browser)).status_code == 303, algorithm
    provider.key_names_algorithm = True
    async with browser_of(exchange, provider) as another:
        assert "signature does not fit" in unescape((await come_in(another)).text)


@pytest.mark.parametrize("listed", [None, 5, [5, None], [{}], [{"kid": "first", "kty": "RSA", "n": 1, "e": []}]])
async def test_keys_that_are_none_let_nobody_in(
    browser: Browser, shop: Shop, provider: StandIn, listed: object
) -> None:
    provider.lists = {"keys": listed}
    assert "signature does not fit" in unescape((await come_in(browser)).text)


async def test_it_may_be_tried_so_often_only_and_a_log_in_is_no_try(
    browser: Browser, shop: Shop, exchange: Exchange, provider: StandIn, clock: Clock
) -> None:
    for _each in range(TRIES_PER_ADDRESS_AT_ONCE // 2 + 1):
        assert (await come_in(browser)).status_code == 303
    async with browser_of(exchange, provider) as stranger:
        for _each in range(TRIES_PER_ADDRESS_AT_ONCE - 1):
            assert (await stranger.get("/login/sso")).status_code == 303
        state = httpx.URL((await stranger.get("/login/sso")).headers["location"]).params["state"]
        for address in (f"/login/sso/callback?code=guessed&state={state}", "/login/sso"):
            refused = await stranger.get(address)
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        clock.pass_by(61)
        assert (await stranger.get("/login/sso")).status_code == 303


async def test_an_answer_is_taken_once_by_the_browser_that_asked(
    browser: Browser, shop: Shop, exchange: Exchange, provider: StandIn, clock: Clock
) -> None:
    sent = await browser.get("/login/sso")
    async with httpx.AsyncClient() as outside:
        back = (await outside.get(sent.headers["location"])).headers["location"]
    async with browser_of(exchange, provider) as other:
        await other.get("/login/sso")
        assert "not begun here" in (await other.get(back)).text
    clock.pass_by(601)
    assert "not begun here" in (await browser.get(back)).text
    assert "not begun here" in (await browser.get(back)).text
    for query, said in (("error=access_denied", "did not agree"), ("error=x&error_description=Ask+IT", "Ask IT")):
        state = httpx.URL((await browser.get("/login/sso")).headers["location"]).params["state"]
        assert said in (await browser.get(f"/login/sso/callback?{query}&state={state}")).text
    state = httpx.URL((await browser.get("/login/sso")).headers["location"]).params["state"]
    mixed = await browser.get(f"/login/sso/callback?code=1&iss=https%3A%2F%2Fevil&state={state}")
    assert "another provider" in mixed.text


async def test_who_is_unknown_comes_in_by_invitation_only(
    browser: Browser, owner: Browser, shop: Shop, provider: StandIn
) -> None:
    provider.claims = {"email": "ada@example.com", "name": "Ada", "sub": "ada"}
    refused = await come_in(browser)
    assert "belongs to no company here" in refused.text
    assert await person(shop, "ada@example.com") is None
    assert (await owner.log_in("owner@example.com")).status_code == 303
    await invited(owner, "ada@example.com", "agent")
    assert (await come_in(browser)).headers["location"] == "/calls"
    assert (await roles(shop))["ada@example.com"] is Role.AGENT
    ada = await person(shop, "ada@example.com")
    assert ada
    assert (ada.password_hash, ada.verified_at is None) == (None, False)


async def test_whoever_has_the_domain_joins_and_groups_decide_the_role(
    shop: Shop, exchange: Exchange, provider: StandIn
) -> None:
    joins = {"oidc_company": "Brightwater", "oidc_domains": ("example.com",), "oidc_join": "read_only"}
    provider.claims = {"email": "ada@example.com", "sub": "ada"}
    async with browser_of(exchange, provider, **joins) as browser:
        assert (await come_in(browser)).status_code == 303
        provider.claims = {"email": "ada@example.net", "sub": "another"}
        assert "Addresses of example.net may not" in (await come_in(browser)).text
    groups = (("staff", "analyst"), ("it", "admin"))
    mapped = {"oidc_company": "Brightwater", "oidc_roles": groups, "oidc_roles_claim": "realm_access.roles"}
    async with browser_of(exchange, provider, **mapped) as browser:
        provider.claims = {"email": "ada@example.com", "sub": "ada"}
        assert "give you no role here" in (await come_in(browser)).text
        for given, role in ((["staff", "it", "x"], Role.ADMIN), (["staff"], Role.ANALYST)):
            provider.claims["realm_access"] = {"roles": given}
            assert (await come_in(browser)).status_code == 303
            assert (await roles(shop))["ada@example.com"] is role
        # The last owner stays one.
        provider.claims = {**OWNER, "realm_access": {"roles": ["staff"]}}
        assert (await come_in(browser)).status_code == 303
        assert (await roles(shop))["owner@example.com"] is Role.OWNER
    async with browser_of(exchange, provider, **{**mapped, "oidc_company": "Nobody"}) as browser:
        assert "SWAPBOARD_OIDC_COMPANY is set wrong" in (await come_in(browser)).text


async def test_an_address_that_nobody_had_shown_to_be_theirs_loses_what_was_set_up(
    browser: Browser, shop: Shop, provider: StandIn
) -> None:
    def forget(connection: Connection) -> None:
        mine = people.c.company_id == shop.company_id, people.c.email == "owner@example.com"
        connection.execute(update(people).where(*mine).values(verified_at=None))

    await shop.exchange.change(forget)
    assert (await come_in(browser)).status_code == 303
    found = await person(shop)
    assert found
    assert (found.password_hash, found.verified_at is None) == (None, False)


async def test_the_second_step_is_asked_for_all_the_same(
    browser: Browser, shop: Shop, clock: Clock, provider: StandIn
) -> None:
    await browser.log_in("owner@example.com")
    await set_up(browser, clock)
    await browser.send_form("/logout", {})
    assert (await come_in(browser)).headers["location"] == "/login/code"
    assert (await browser.get("/calls")).status_code == 303


async def test_a_provider_that_is_none_is_told(shop: Shop, exchange: Exchange, provider: StandIn) -> None:
    for issuer, said in (
        ("http://127.0.0.1:1", "does not answer as it should"),
        (f"{provider.issuer}/", "to the last slash"),
    ):
        async with browser_of(exchange, provider, oidc_issuer=issuer) as browser:
            assert said in (await browser.get("/login/sso")).text
    async with browser_of(exchange, provider, oidc_issuer="") as browser:
        assert (await browser.get("/login/sso")).status_code == 404
