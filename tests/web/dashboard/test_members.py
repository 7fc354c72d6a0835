"""Inviting, joining, changing roles, leaving: each link works once, for its own address, for a while."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette

from swapboard.accounts.company import Role
from swapboard.accounts.invitations import LASTS
from swapboard.accounts.people import members_of, person_by_email, places_of
from swapboard.accounts.person import Person
from swapboard.clock import SECOND
from swapboard.settings import read_settings
from swapboard.storage.schema import emails, invitations, people
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from swapboard.web.invitation_links import mail_proof
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import ORIGIN, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

NEW = {"name": "Ada <i>", "password": "a good long one", "again": "a good long one"}


@asynccontextmanager
async def another_browser(app: Starlette) -> AsyncIterator[Browser]:
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        yield browser


async def invited(owner: Browser, email: str = "ada@example.com", role: str = "analyst") -> str:
    """The path of a new invitation's link."""
    answer = await owner.send_form("/people/invite", {"email": email, "role": role})
    assert answer.status_code == 200, answer.text
    found = re.search(r'<code id="link">([^<]+)</code>', answer.text)
    assert found
    return urlsplit(unescape(found[1])).path


async def person(shop: Shop, email: str) -> Person | None:
    return await shop.exchange.read(lambda connection: person_by_email(connection, email))


async def member_id(shop: Shop, email: str) -> str:
    members = await shop.exchange.read(lambda connection: members_of(connection, shop.company_id))
    return next(user.user_id for user in members if user.email == email)


async def test_a_new_person_joins_by_the_link_once(owner: Browser, shop: Shop, app: Starlette) -> None:
    link = await invited(owner, " Ada@Example.com")
    async with another_browser(app) as ada:
        page = (await ada.get(link)).text
        assert "You are invited to Brightwater" in page
        assert "owner@example.com invites ada@example.com as: Analyst" in page
        assert (await ada.send_form(link, NEW)).status_code == 303
        assert (await ada.get("/")).status_code == 200
        assert (await ada.get("/people")).status_code == 403
    async with another_browser(app) as again:
        assert (await again.get(link)).status_code == 410
        assert (await again.send_form(link, NEW)).status_code == 410
        assert (await again.log_in("ada@example.com", NEW["password"])).status_code == 303
    joined = await person(shop, "ada@example.com")
    assert joined
    assert joined.verified_at is None
    assert "Ada &lt;i&gt;" in (await owner.get("/people")).text


async def test_only_a_hash_of_the_link_is_kept_and_no_other_link_opens(owner: Browser, shop: Shop) -> None:
    link = await invited(owner)
    secret = link.rpartition(".")[2]
    rows = await shop.exchange.read(lambda connection: connection.execute(select(invitations)).all())
    assert secret not in repr(rows)
    company_id, invitation_id, _secret = link.removeprefix("/join/").split(".")
    for wrong in (
        f"{company_id}.{invitation_id}.",
        f"{company_id}.{invitation_id}.x",
        "x",
        "a..",
        f"a.b.{secret}",
    ):
        assert (await owner.get(f"/join/{wrong}")).status_code == 410, wrong


async def test_a_link_ends_by_time_by_withdrawal_and_by_another(owner: Browser, shop: Shop, clock: Clock) -> None:
    first = await invited(owner)
    second = await invited(owner)
    assert (await owner.get(first)).status_code == 410
    invitation_id = second.split(".")[1]
    assert (await owner.send_form("/people/withdraw", {"invitation": invitation_id})).status_code == 303
    assert (await owner.get(second)).status_code == 410
    assert (await owner.send_form("/people/withdraw", {"invitation": invitation_id})).status_code == 404
    assert "withdrew,ada@example.com" in (await owner.get("/journal.csv")).text
    third = await invited(owner)
    clock.pass_by(LASTS / SECOND - 1)
    assert (await owner.get(third)).status_code == 200
    clock.pass_by(2)
    assert (await owner.get(third)).status_code == 410


@ON_SQLITE
async def test_who_can_log_in_already_accepts_as_themselves(
    owner: Browser, shop: Shop, stranger: Shop, app: Starlette
) -> None:
    link = await invited(owner, "stranger@example.com", "agent")
    assert (await owner.send_form(link, NEW)).status_code == 409
    async with another_browser(app) as browser:
        assert (await browser.send_form(link, NEW)).status_code == 409
        assert f"/login?next={link}" in (await browser.get(link)).text
        there = await browser.log_in("stranger@example.com", wanted=link)
        assert there.headers["location"] == link
        assert (await browser.send_form(link, {})).status_code == 303
        assert "Brightwater" in (await browser.get("/calls")).text
    places = await shop.exchange.read(lambda connection: places_of(connection, "stranger@example.com"))
    assert [(place.company_name, place.role) for place in places] == [
        ("Brightwater", Role.AGENT),
        ("Elsewhere", Role.OWNER),
    ]


@ON_SQLITE
async def test_the_e_mailed_link_proves_the_address(shop: Shop, exchange: Exchange, clock: Clock) -> None:
    mailing = {"SWAPBOARD_SMTP_URL": "smtp://127.0.0.1:1", "SWAPBOARD_MAIL_FROM": "calls@example.com"}
    settings = exchange.settings
    exchange.settings = read_settings(
        {**mailing, "SWAPBOARD_DATA_DIR": str(settings.data_dir), "SWAPBOARD_PUBLIC_URL": ORIGIN}
    )
    async with another_browser(dashboard(exchange)) as owner, another_browser(dashboard(exchange)) as ada:
        await owner.log_in("owner@example.com")
        fields = {"email": "ada@example.com", "role": "agent", "mail": "yes", "language": "de"}
        shown = (await owner.send_form("/people/invite", fields)).text
        assert "on its way by e-mail" in shown
        letter = await exchange.read(lambda connection: connection.execute(select(emails)).one())
        assert letter.recipient == "ada@example.com"
        assert "?mail=" not in str(letter), "its link stands nowhere in the open"
        assert letter.subject == "Sie sind zu Brightwater eingeladen"
        found = re.search(rf"{ORIGIN}(\S+)\?mail=(\S+)", exchange.vault.unseal(letter.sealed)["plain"])
        assert found
        assert found[2] not in shown
        await ada.send_form(found[1], {**NEW, "mail": found[2]})
        # A letter that waits goes with its invitation.
        another = await owner.send_form("/people/invite", {**fields, "email": "bob@example.com"})
        invitation_id = another.text.split('name="invitation" value="')[1].split('"')[0]
        await owner.send_form("/people/withdraw", {"invitation": invitation_id})
        letters = await exchange.read(
            lambda connection: connection.execute(select(emails.c.recipient)).scalars().all()
        )
        assert letters == ["ada@example.com"]
    joined = await person(shop, "ada@example.com")
    assert joined
    assert joined.verified_at == clock()


@ON_SQLITE
async def test_the_proof_of_the_mailbox_outlives_the_log_in_on_the_way(
    owner: Browser, shop: Shop, stranger: Shop, exchange: Exchange, clock: Clock, app: Starlette
) -> None:
    unknown = update(people).where(people.c.company_id == stranger.company_id).values(verified_at=None)
    await exchange.change(lambda connection: connection.execute(unknown))
    link = await invited(owner, "stranger@example.com", "agent")
    mailed = f"{link}?mail={mail_proof(exchange, link.removeprefix('/join/'))}"
    async with another_browser(app) as browser:
        led = re.search(r'href="/login\?next=([^"]+)"', (await browser.get(mailed)).text)
        assert led
        there = await browser.log_in("stranger@example.com", wanted=unquote(unescape(led[1])))
        assert there.headers["location"] == mailed
        field = re.search(r'name="mail" value="(\w+)"', (await browser.get(mailed)).text)
        assert field
        assert (await browser.send_form(link, {"mail": field[1]})).status_code == 303
    joined = await person(shop, "stranger@example.com")
    assert joined
    assert joined.verified_at == clock()


@ON_SQLITE
async def test_what_is_typed_wrong_is_said(owner: Browser, shop: Shop, app: Starlette) -> None:
    for email in ("", "ada", "a b@example.com", "owner@example.com", "a@" + "x" * 300):
        answer = await owner.send_form("/people/invite", {"email": email, "role": "agent"})
        assert answer.status_code == 422, email
        assert 'role="alert"' in answer.text
    for role in ("", "site", "boss"):
        assert (await owner.send_form("/people/invite", {"email": "a@b.c", "role": role})).status_code == 422
    link = await invited(owner)
    async with another_browser(app) as ada:
        for wrong in ({"password": "short", "again": "short"}, {"again": "another one entirely"}):
            assert (await ada.send_form(link, NEW | wrong)).status_code == 422
        assert (await ada.send_form(link, NEW)).status_code == 303


@ON_SQLITE
async def test_who_goes_or_may_do_less_leaves_no_way_in_behind(owner: Browser, shop: Shop, app: Starlette) -> None:
    reader = await member_id(shop, "reader@example.com")
    for less in ({"role": "agent"}, None):
        await owner.send_form(f"/people/{reader}/role", {"role": "admin"})
        async with another_browser(app) as admin:
            await admin.log_in("reader@example.com")
            link = await invited(admin, "myself@example.org", "admin")
            # Who may do more than before keeps what they made.
            await owner.send_form(f"/people/{reader}/role", {"role": "owner"})
            assert (await admin.get(link)).status_code == 200
            await owner.send_form(f"/people/{reader}/{'role' if less else 'remove'}", less or {})
            assert (await admin.get(link)).status_code == 410


async def test_roles_change_and_people_go_but_never_the_last_owner(
    owner: Browser, shop: Shop, app: Starlette
) -> None:
    reader, myself = await member_id(shop, "reader@example.com"), await member_id(shop, "owner@example.com")
    assert (await owner.send_form(f"/people/{myself}/role", {"role": "admin"})).status_code == 409
    assert (await owner.send_form("/companies/leave", {})).status_code == 409
    assert (await owner.send_form(f"/people/{reader}/role", {"role": "admin"})).status_code == 303
    async with another_browser(app) as admin:
        await admin.log_in("reader@example.com")
        assert (await admin.send_form(f"/people/{myself}/remove", {})).status_code == 403
        assert (await admin.send_form(f"/people/{reader}/role", {"role": "owner"})).status_code == 403
        assert (await admin.send_form("/people/invite", {"email": "x@y.z", "role": "owner"})).status_code == 403
        await owner.send_form(f"/people/{reader}/role", {"role": "owner"})
        assert (await owner.send_form("/companies/leave", {})).status_code == 303
        assert (await owner.get("/")).headers["location"].startswith("/login")
        assert (await owner.log_in("owner@example.com")).status_code == 403
        assert (await admin.get("/people")).status_code == 200
