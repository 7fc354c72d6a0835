"""Signing in at a platform: from the form to the refresh token, what uses it, and taking it back."""

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Connection, select

from swapboard.access.grant import Grant
from swapboard.access.store import add_grant, grants_of
from swapboard.clock import DAY
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.store import list_destinations
from swapboard.keywords.store import MICROSOFT, accounts_of
from swapboard.storage.schema import access_grants
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.platform_sign_in import lent
from swapboard.switchboard.renewing import Keeper, Renewing
from tests.access.provider import ADS, DATA_MANAGER, SECRET, Provider, an_app, provider_of
from tests.web.dashboard.shop import ORIGIN, Browser, Clock, Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_of(an_app(ORIGIN)) as running:
        yield running


def form(provider: Provider, **changes: str) -> dict[str, str]:
    return {
        "provider": "google",
        "name": "Our ads",
        "client_id": "our-app",
        "client_secret": SECRET,
        "use": "google_ads",
        **provider.addresses,
    } | changes


async def made(owner: Browser, provider: Provider, **changes: str) -> str:
    answer = await owner.send_form("/access", form(provider, **changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


async def signed_in(owner: Browser, where: str, back: str = "") -> httpx.Response:
    """What the browser is answered after it went to the platform and came back."""
    there = await owner.get(f"{where}/sign-in", params={"back": back} if back else {})
    assert there.status_code == 303, there.text
    async with httpx.AsyncClient() as outside:
        sent_back = await outside.get(there.headers["location"])
    assert sent_back.status_code == 302, sent_back.text
    return await owner.get(sent_back.headers["location"])


async def grant_in(exchange: Exchange, shop: Shop) -> Grant:
    (grant,) = await exchange.read(lambda connection: grants_of(connection, shop.company_id))
    return grant


async def refresh_token(exchange: Exchange, shop: Shop) -> str:
    return exchange.vault.unseal((await grant_in(exchange, shop)).credentials)["refresh_token"]


async def test_signing_in_gives_a_refresh_token_that_nobody_sees(
    owner: Browser, provider: Provider, exchange: Exchange, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    where = await made(owner, provider)
    assert "One step left: sign in" in (await owner.get(where)).text
    answer = await signed_in(owner, where)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{where}?signed_in=yes")
    page = (await owner.get(answer.headers["location"])).text
    assert "You are signed in." in page
    token = await refresh_token(exchange, shop)
    assert provider.doors.refresh_tokens == {token: (DATA_MANAGER,)}
    mine = select(access_grants).where(access_grants.c.company_id == shop.company_id)
    stored = await exchange.read(lambda connection: str(connection.execute(mine).all()))
    for secret in (token, SECRET):
        for shown in (page, (await owner.get("/access")).text, stored, caplog.text):
            assert secret not in shown


async def test_only_what_is_ticked_is_asked_for(owner: Browser, provider: Provider) -> None:
    where = await made(owner, provider, use="costs")
    there = await owner.get(f"{where}/sign-in")
    asked = parse_qs(urlsplit(there.headers["location"]).query)
    assert asked["scope"] == [ADS]
    assert asked["access_type"] == ["offline"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 43


async def test_the_state_must_be_the_one_of_this_browser_and_holds_once(
    owner: Browser, provider: Provider, clock: Clock
) -> None:
    where = await made(owner, provider)
    callback = "/access/callback/google"
    assert (await owner.get(callback, params={"code": "x", "state": "y"})).status_code == 400
    await owner.get(f"{where}/sign-in")
    assert (await owner.get(callback, params={"code": "x", "state": "y"})).status_code == 400
    answer = await signed_in(owner, where)
    assert answer.status_code == 303
    again = await owner.get(str(answer.request.url))
    assert (again.status_code, "was not begun here" in again.text) == (400, True)
    there = await owner.get(f"{where}/sign-in")
    clock.pass_by(601)
    state = parse_qs(urlsplit(there.headers["location"]).query)["state"][0]
    assert (await owner.get(callback, params={"code": "x", "state": state})).status_code == 400


async def test_another_platform_s_answer_is_not_taken(owner: Browser, provider: Provider) -> None:
    where = await made(owner, provider)
    there = await owner.get(f"{where}/sign-in")
    state = parse_qs(urlsplit(there.headers["location"]).query)["state"][0]
    answer = await owner.get("/access/callback/microsoft", params={"code": "x", "state": state})
    assert (answer.status_code, "another platform" in answer.text) == (400, True)
    assert "/token" not in provider.heard


async def test_a_link_on_another_site_does_not_lead_on(owner: Browser, provider: Provider) -> None:
    where = await made(owner, provider)
    answer = await owner.get(f"{where}/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["location"] == where


async def test_who_does_not_agree_is_told_so(owner: Browser, provider: Provider) -> None:
    where = await made(owner, provider)
    provider.decide = provider.doors.decline
    answer = await signed_in(owner, where)
    assert (answer.status_code, "You did not agree at Google" in answer.text) == (422, True)


async def test_half_an_agreement_is_shown(
    owner: Browser, provider: Provider, exchange: Exchange, shop: Shop
) -> None:
    answer = await owner.send_form("/access", {**form(provider), "use": ["google_ads", "costs"]})  # type: ignore[dict-item]
    where = str(answer.headers["location"])
    provider.decide = lambda asked: provider.doors.agree(asked, (DATA_MANAGER,))
    await signed_in(owner, where)
    assert (await grant_in(exchange, shop)).refused == [ADS]
    assert "You did not agree to everything" in (await owner.get(where)).text


async def test_a_wrong_secret_is_told_in_the_platform_s_words(owner: Browser, provider: Provider) -> None:
    where = await made(owner, provider, client_secret="another")
    answer = await signed_in(owner, where)
    assert answer.status_code == 422
    assert "The app is not known, or its secret is wrong. (HTTP 401)" in answer.text


async def test_a_destination_uses_it_and_loses_it(
    owner: Browser, provider: Provider, exchange: Exchange, shop: Shop
) -> None:
    where = await made(owner, provider)
    back = "/destinations/new?kind=google_ads"
    answer = await signed_in(owner, where, back)
    grant = await grant_in(exchange, shop)
    assert answer.headers["location"] == f"{back}&grant={grant.grant_id}"
    page = (await owner.get(answer.headers["location"])).text
    assert f'value="{grant.grant_id}" selected' in page
    assert not re.search(r'name="setting-refresh_token"[^>]* required', page)
    filled = {
        "kind": "google_ads",
        "name": "Ads",
        "grant": grant.grant_id,
        "setting-customer_id": "123-456-7890",
        "setting-conversion_action_id": "77",
        "setting-people": "no",
        "setting-consent": "unknown",
        "on": "yes",
        "calls": "yes",
        "sure": "0",
    }
    answer = await owner.send_form("/destinations", filled)
    assert answer.status_code == 303, answer.text
    assert await of_destination(exchange, shop) == {
        "client_secret": SECRET,
        "refresh_token": await refresh_token(exchange, shop),
    }
    assert "Ads" in (await owner.get(where)).text

    await signed_in(owner, where)
    assert (await of_destination(exchange, shop))["refresh_token"] == await refresh_token(exchange, shop)

    # Who chooses no access any more does not go on with its token.
    token_url = (await grant_in(exchange, shop)).addresses["token"]
    on_its_own = filled | {"grant": "", "setting-client_id": "app", "setting-token_url": token_url}
    left = await owner.send_form(answer.headers["location"], on_its_own)
    assert left.status_code == 303, left.text
    assert await of_destination(exchange, shop) == {"client_secret": SECRET}
    assert (await owner.send_form(answer.headers["location"], filled)).status_code == 303
    assert (await of_destination(exchange, shop))["refresh_token"] == await refresh_token(exchange, shop)

    removed = await owner.send_form(f"{where}/remove", {})
    assert (removed.status_code, removed.headers["location"]) == (303, "/access")
    assert list(provider.doors.refresh_tokens.values()) == [(DATA_MANAGER,)], (
        "the one from before, which Google keeps"
    )
    assert "refresh_token" not in await of_destination(exchange, shop)
    tried = await owner.send_form(f"{answer.headers['location']}/test", {})
    assert "Fill in Refresh token." in tried.text


async def test_what_a_grant_lends_goes_to_no_address_that_was_typed_in(exchange: Exchange) -> None:
    sealed = exchange.vault.seal({"client_secret": SECRET, "refresh_token": "r"})
    grant = Grant("g" * 32, "c" * 32, "google", "Ads", "app", sealed, (DATA_MANAGER,), {}, 1)
    ads = lent(grant, destination_kind("google_ads"), exchange.vault)
    assert (ads["token_url"], ads["url"]) == ("", ""), "Google's own"
    facts = {"instance_url": "https://ours.my.salesforce.com"}
    sales = lent(replace(grant, facts=facts), destination_kind("salesforce"), exchange.vault)
    assert (sales["token_url"], sales["instance_url"]) == ("", facts["instance_url"])


async def of_destination(exchange: Exchange, shop: Shop) -> dict[str, str]:
    def read(connection: Connection) -> str:
        (record,) = list_destinations(connection, shop.company_id).rows
        return record.credentials

    return exchange.vault.unseal(await exchange.read(read))


async def test_access_for_something_else_will_not_do(
    owner: Browser, provider: Provider, exchange: Exchange, shop: Shop
) -> None:
    where = await made(owner, provider, use="costs")
    await signed_in(owner, where)
    grant = await grant_in(exchange, shop)
    answer = await owner.send_form(
        "/destinations", {"kind": "google_ads", "name": "Ads", "grant": grant.grant_id, "calls": "yes"}
    )
    assert (answer.status_code, "was not given leave for this" in answer.text) == (422, True)


async def test_it_is_looked_at_once_a_day(
    owner: Browser, provider: Provider, exchange: Exchange, shop: Shop, clock: Clock
) -> None:
    where = await made(owner, provider)
    await signed_in(owner, where)
    clock.pass_by(2 * DAY / 1000)
    await exchange.rounds.do_daily()
    assert (await grant_in(exchange, shop)).checked_at == clock()
    provider.doors.refresh_tokens.clear()
    clock.pass_by(2 * DAY / 1000)
    await exchange.rounds.do_daily()
    page = (await owner.get(where)).text
    assert "The token has been taken back" in page
    assert "Sign in again to mend it." in page


async def test_a_token_that_changes_with_each_look_is_handed_on(
    owner: Browser, exchange: Exchange, shop: Shop, clock: Clock
) -> None:
    with provider_of(an_app(ORIGIN), rotates=True) as provider:
        where = await made(owner, provider)
        await signed_in(owner, where)
        first = await refresh_token(exchange, shop)
        clock.pass_by(2 * DAY / 1000)
        await exchange.rounds.do_daily()
        second = await refresh_token(exchange, shop)
        assert first != second
        assert list(provider.doors.refresh_tokens) == [second]


async def test_another_app_must_be_signed_in_for_anew(
    owner: Browser, provider: Provider, exchange: Exchange, shop: Shop
) -> None:
    where = await made(owner, provider)
    await signed_in(owner, where)
    same = form(provider, name="Renamed", client_secret="")
    assert (await owner.send_form(where, same)).status_code == 303
    assert (await grant_in(exchange, shop)).signed_in_at is not None
    assert (await owner.send_form(where, same | {"client_id": "another"})).status_code == 303
    grant = await grant_in(exchange, shop)
    assert grant.signed_in_at is None
    assert "refresh_token" not in exchange.vault.unseal(grant.credentials)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"client_id": ""}, "Fill in the name, the client ID and the client secret."),
        ({"client_secret": ""}, "Fill in the name, the client ID and the client secret."),
        ({"use": ""}, "Choose at least one thing to use it for."),
        ({"token": "ftp://x"}, "An address begins with https://."),
    ],
)
async def test_what_cannot_be_is_told(
    owner: Browser, provider: Provider, changes: dict[str, str], told: str
) -> None:
    answer = await owner.send_form("/access", form(provider, **changes))
    assert (answer.status_code, told in answer.text) == (422, True)


async def test_a_platform_that_nobody_knows_is_not_found(owner: Browser) -> None:
    for unknown in ("", "nobody", "\u202e"):
        assert (await owner.get("/access/new", params={"provider": unknown})).status_code == 404
        assert (await owner.send_form("/access", {"provider": unknown, "name": "Ours"})).status_code == 404


async def test_a_reader_may_look_only_and_a_stranger_not_even_that(
    owner: Browser, provider: Provider, browser: Browser, shop: Shop, stranger: Shop
) -> None:
    where = await made(owner, provider)
    await browser.log_in("reader@example.com")
    assert "Our ads" in (await browser.get("/access")).text
    assert (await browser.get(f"{where}/sign-in")).status_code == 403
    assert (await browser.send_form(f"{where}/remove", {})).status_code == 403
    await browser.log_in("stranger@example.com")
    assert (await browser.get(where)).status_code == 404
    assert (await browser.get(f"{where}/sign-in")).status_code == 404


async def test_where_there_is_no_door_to_take_it_back_people_are_told(owner: Browser, provider: Provider) -> None:
    where = await made(owner, provider, revoke="http://127.0.0.1:1/gone")
    await signed_in(owner, where)
    answer = await owner.send_form(f"{where}/remove", {})
    assert "was not told that the access is over" in answer.text
    assert "Nowhere yet." in answer.text


async def test_an_account_that_tells_costs_uses_it_and_loses_it(
    owner: Browser, provider: Provider, exchange: Exchange, shop: Shop
) -> None:
    where = await made(owner, provider, use="costs")
    await signed_in(owner, where)
    grant = await grant_in(exchange, shop)
    wrong = await owner.send_form("/costs/accounts", {"grant": grant.grant_id, "customer_id": "12"})
    assert (wrong.status_code, "ten digits" in wrong.text) == (422, True)
    form = {"grant": grant.grant_id, "customer_id": "123-456-7890"}
    assert (await owner.send_form("/costs/accounts", form)).status_code == 303
    page = (await owner.get("/costs")).text
    assert "Google Ads 1234567890" in page
    assert "Not asked yet" in page

    async def token() -> str | None:
        (account,) = await exchange.read(lambda connection: accounts_of(connection, shop.company_id))
        return exchange.vault.unseal(account.credentials).get("refresh_token")

    assert await token() == await refresh_token(exchange, shop)
    await signed_in(owner, where)
    assert await token() == await refresh_token(exchange, shop)
    await owner.send_form(f"{where}/remove", {})
    assert await token() is None
    await owner.send_form("/costs/accounts/remove", {"account": "google_ads:1234567890"})
    assert "Google Ads 1234567890" not in (await owner.get("/costs")).text


async def test_a_meta_account_is_kept_and_its_token_is_not_shown(owner: Browser, shop: Shop) -> None:
    wrong = await owner.send_form("/costs/accounts", {"platform": "meta", "account_id": "x", "access_token": "t"})
    assert wrong.status_code == 422
    form = {"platform": "meta", "account_id": "act_77", "access_token": "a-secret-token"}
    assert (await owner.send_form("/costs/accounts", form)).status_code == 303
    page = (await owner.get("/costs")).text
    assert "Meta 77" in page
    assert "a-secret-token" not in page


async def test_a_microsoft_account_is_kept_with_the_access_that_it_uses(
    owner: Browser, exchange: Exchange, shop: Shop
) -> None:
    scopes = ("https://ads.microsoft.com/msads.manage",)
    sealed = exchange.vault.seal({"client_secret": "s", "refresh_token": "M.old"})
    grant = Grant("g" * 32, shop.company_id, "microsoft", "Bing", "app", sealed, scopes, {}, 1, scopes, {}, 1)
    await exchange.change(lambda connection: add_grant(connection, grant))
    assert "Bing" in (await owner.get("/costs")).text
    form = {"platform": "microsoft", "grant": grant.grant_id, "customer_id": "111", "developer_token": "DEV"}
    wrong = await owner.send_form("/costs/accounts", form | {"account_id": "F0"})
    assert (wrong.status_code, "after cid=" in wrong.text) == (422, True)
    assert 'value="111"' in wrong.text
    assert 'value="F0"' in wrong.text
    assert "Type the secrets once more" in wrong.text
    assert "DEV" not in wrong.text
    assert wrong.text.count("<details open>") == 1
    stranger = await owner.send_form("/costs/accounts", form | {"account_id": "222", "platform": "google_ads"})
    assert (stranger.status_code, "Choose an access" in stranger.text) == (422, True)
    assert (await owner.send_form("/costs/accounts", form | {"account_id": "222"})).status_code == 303
    page = (await owner.get("/costs")).text
    assert "Microsoft Advertising 222" in page
    assert "M.old" not in page

    def rotate() -> None:
        keeper = Keeper(shop.company_id, grant.grant_id, "")
        nobody = Answer(500, {}, b"")
        lender = Renewing(keeper, exchange.vault, lambda _request: nobody, exchange.engine, exchange.clock)
        assert lender.borrow("typed in") == "M.old"
        lender.give_back("M.new")

    await asyncio.to_thread(rotate)
    (account,) = await exchange.read(lambda connection: accounts_of(connection, shop.company_id, MICROSOFT))
    assert exchange.vault.unseal(account.credentials)["refresh_token"] == "M.new"
