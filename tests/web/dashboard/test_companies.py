"""An agency's companies: the switcher, a second company, and how each is called and looks."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy import Connection

from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user
from swapboard.accounts.store import change_company, company_by_id
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from swapboard.web.dashboard import companies
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import ORIGIN, Browser, Shop, stamp_on

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
FIELDS = {"name": "Brightwater", "time_zone": "Europe/Berlin", "country": "de", "colour": "#AB12ef"}


async def join(shop: Shop, email: str, role: Role) -> None:
    now = shop.clock()
    user = User(new_id(now), shop.company_id, email, "Both", role, now)
    await shop.exchange.change(lambda connection: add_user(connection, user, None))


async def send_company(browser: Browser, fields: dict[str, str], logo: bytes | None = None) -> httpx.Response:
    files = {"logo": ("logo.png", logo, "image/png")} if logo is not None else {"none": ("", b"")}
    return await browser.post("/company", data=fields, files=files, headers={"Origin": ORIGIN})


async def test_one_log_in_opens_each_company_with_its_own_role(owner: Browser, shop: Shop, stranger: Shop) -> None:
    await join(stranger, "owner@example.com", Role.READ_ONLY)
    assert "Elsewhere" in (await owner.get("/calls")).text

    opened = await owner.send_form("/companies/open", {"company": stranger.company_id})
    assert opened.status_code == 303
    assert (await owner.get("/setup")).text.count("Read only") == 1
    assert (await owner.send_form("/spam/policy", {})).status_code == 403

    await owner.send_form("/companies/open", {"company": shop.company_id})
    assert (await owner.get("/company")).status_code == 200


async def test_a_company_that_is_not_theirs_is_not_found(owner: Browser, shop: Shop, stranger: Shop) -> None:
    for wanted in (stranger.company_id, "", "nobody"):
        assert (await owner.send_form("/companies/open", {"company": wanted})).status_code == 404
    assert "Elsewhere" not in (await owner.get("/companies")).text


async def test_who_is_removed_from_one_company_is_in_the_other(owner: Browser, shop: Shop, stranger: Shop) -> None:
    await join(stranger, "owner@example.com", Role.AGENT)
    await owner.send_form("/companies/open", {"company": "none"})

    def leave(connection: Connection) -> None:
        connection.exec_driver_sql(f"DELETE FROM users WHERE company_id = '{shop.company_id}'")

    await shop.exchange.change(leave)
    first = await owner.get("/")
    assert (first.status_code, first.headers["location"]) == (303, "/calls")
    assert "Elsewhere" in (await owner.get("/calls")).text


async def test_an_owner_makes_a_second_company_and_looks_at_it(owner: Browser, shop: Shop) -> None:
    made = await owner.send_form(
        "/companies/new", {"name": "Second <b>", "time_zone": "Europe/London", "country": "gb"}
    )
    assert (made.status_code, made.headers["location"]) == (303, "/setup/start")
    listed = (await owner.get("/companies")).text
    assert "Second &lt;b&gt;" in listed
    assert "Brightwater" in listed
    wrong = await owner.send_form("/companies/new", {"name": " ", "time_zone": "Mars", "country": "XX"})
    assert wrong.status_code == 422
    assert wrong.text.count('role="alert"') == 3


async def test_a_company_is_called_and_looks_as_its_people_say(owner: Browser, shop: Shop) -> None:
    saved = await send_company(owner, FIELDS | {"name": "Bright & Water"}, PNG)
    assert saved.status_code == 303
    company = await shop.exchange.read(lambda connection: company_by_id(connection, shop.company_id))
    assert company
    assert (company.name, company.time_zone, company.country) == ("Bright & Water", "Europe/Berlin", "DE")
    shown = (await owner.get("/calls")).text
    assert "/brand/ab12ef.css" in shown
    path = shown.split(f'src="/logos/{shop.company_id}/')[1].split('"')[0]
    logo = await owner.get(f"/logos/{shop.company_id}/{path}")
    assert (logo.content, logo.headers["content-type"]) == (PNG, "image/png")
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert (await owner.get(f"/logos/{shop.company_id}/other")).status_code == 404
    style = await owner.get("/brand/ab12ef.css")
    assert (style.text, style.headers["content-type"][:8]) == (":root { --brand: #ab12ef; }\n", "text/css")
    assert (await owner.get("/brand/red;}.css")).status_code == 404
    await send_company(owner, FIELDS | {"remove_logo": "yes", "colour": ""})
    assert "/logos/" not in (await owner.get("/calls")).text


@ON_SQLITE
async def test_what_was_set_meanwhile_stays(owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    read = companies.read_colour

    def meanwhile(text: str) -> str | None:
        # The form is being read: the page's own company is of before.
        with writing(shop.exchange.engine) as connection:
            company = company_by_id(connection, shop.company_id)
            assert company
            change_company(connection, replace(company, look_back_days=7))
        monkeypatch.setattr(companies, "read_colour", read)
        return read(text)

    monkeypatch.setattr(companies, "read_colour", meanwhile)
    await send_company(owner, FIELDS)
    company = await shop.exchange.read(lambda connection: company_by_id(connection, shop.company_id))
    assert company
    assert (company.time_zone, company.look_back_days) == ("Europe/Berlin", 7)


@ON_SQLITE
@pytest.mark.parametrize(
    "logo",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"", b"RIFF....WAVE", PNG + bytes(200 * 1024)],
)
async def test_what_is_no_picture_is_no_logo(owner: Browser, shop: Shop, logo: bytes) -> None:
    refused = await send_company(owner, FIELDS, logo)

    assert refused.status_code == (413 if len(logo) > 216 * 1024 else 422)
    assert "/logos/" not in (await owner.get("/calls")).text


@ON_SQLITE
async def test_a_form_that_is_wrong_keeps_what_was_typed(owner: Browser, shop: Shop) -> None:
    refused = await send_company(owner, {"name": "", "time_zone": "x", "country": "x", "colour": "url(//x)"})

    assert refused.status_code == 422
    assert "url(//x)" in refused.text
    assert refused.text.count('role="alert"') == 4


async def test_a_form_of_a_page_of_another_company_changes_nothing(
    owner: Browser, shop: Shop, stranger: Shop
) -> None:
    """Whoever has two companies open, each in a tab: the form of the first one changed the second one."""
    await join(stranger, "owner@example.com", Role.OWNER)
    page = (await owner.get("/numbers/rules/new")).text
    assert f'data-company="{shop.company_id}"' in page
    address = f"/numbers/rules/new?page_of={shop.company_id}"
    rule = {"name": "Ours", "outcome": "leave"}
    assert (await owner.send_form(address, rule)).status_code == 303

    await owner.send_form("/companies/open", {"company": stranger.company_id})
    refused = await owner.send_form(address, {**rule, "name": "Theirs"})
    assert refused.status_code == 409
    assert "Meanwhile " in refused.text
    assert "Theirs" not in (await owner.get("/numbers/rules")).text
    assert (await owner.get(address)).status_code == 200, "a page that is only looked at is the open company's"
    for of_the_open_one in ("/companies/leave", "/companies/new"):
        aside = await owner.send_form(f"{of_the_open_one}?page_of={shop.company_id}", {"name": "Third"})
        assert aside.status_code == 409, "who leaves the first one must not leave the second"
    # What is a person's is the same in each company.
    back = f"/companies/open?page_of={shop.company_id}"
    assert (await owner.send_form(back, {"company": shop.company_id})).status_code == 303
    assert "Ours" in (await owner.get("/numbers/rules")).text


async def test_who_saves_a_company_second_is_asked_and_not_obeyed(owner: Browser, shop: Shop) -> None:
    opened = stamp_on((await owner.get("/company")).text)
    mine, yours = {**FIELDS, "stamp": opened}, {**FIELDS, "name": "Yours", "stamp": opened}
    assert (await send_company(owner, mine)).status_code == 303
    late = await send_company(owner, yours)
    assert late.status_code == 409
    assert "Somebody changed this since you opened it." in late.text
    assert 'value="Yours"' in late.text
    kept = await shop.exchange.read(lambda connection: company_by_id(connection, shop.company_id))
    assert kept
    assert kept.name == "Brightwater"
    assert (await send_company(owner, {**yours, "stamp": stamp_on(late.text)})).status_code == 303
