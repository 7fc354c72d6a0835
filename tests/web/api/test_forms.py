"""Forms at the API, and what a site says of its pages."""

import pytest

from tests.web.api.house import House

pytestmark = pytest.mark.anyio

FIELDS = {"name": "Ada", "phone": "(212) 555-0111"}


async def test_a_form_stands_with_its_visit(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    form_id = await house.send_form(ids["company"], ids["site"], visit.session_id, FIELDS)
    (form,) = (await house.get("/forms"))["data"]
    assert form == {
        "id": form_id,
        "company_id": ids["company"],
        "site_id": ids["site"],
        "session_id": visit.session_id,
        "visitor_id": visit.visitor_id,
        "sent_at": "2026-11-24T07:00:00.000Z",
        "name": "quote",
        "url": "https://www.example.com/quote",
        "fields": FIELDS,
    }
    assert await house.get(f"/forms/{form_id}") == form
    assert (await house.ask("GET", f"/forms/{'0' * 32}")).status_code == 404


async def test_forms_come_newest_first_and_are_chosen_by_visit(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    sent = []
    for _ in range(3):
        house.clock.pass_by(60)
        sent.append(await house.send_form(ids["company"], ids["site"], visit.session_id, FIELDS))
    first = await house.get("/forms", limit=2)
    assert [each["id"] for each in first["data"]] == [sent[2], sent[1]]
    rest = await house.get("/forms", limit=2, cursor=first["next_cursor"])
    assert [each["id"] for each in rest["data"]] == [sent[0]]
    assert len((await house.get("/forms", session_id=visit.session_id))["data"]) == 3
    assert (await house.get("/forms", session_id="0" * 32))["data"] == []


async def test_a_sites_pages_are_treated_as_its_owner_says(house: House) -> None:
    ids = await house.furnish()
    site = await house.get(f"/sites/{ids['site']}")
    assert site["page"]["declined"] == "original"
    vanity = {"text": "1-800-PLUMBER", "target": "+12025550100", "template": "call {number}"}
    page = {"forms": True, "skip": ["code"], "vanity": [vanity]}
    changed = await house.patch(f"/sites/{ids['site']}", {"page": page, "consent": "cookieless"})
    assert changed["page"] == {**site["page"], **page}
    again = await house.patch(f"/sites/{ids['site']}", {"page": {"skip": []}})
    assert again["page"] == {**changed["page"], "skip": []}
    assert await house.get(f"/sites/{ids['site']}") == again


@pytest.mark.parametrize(
    "page", [{"skip": ["a,b"]}, {"skip": ["<b>"]}, {"attributes": ["on click"]}, {"colour": 1}]
)
async def test_what_is_no_option_is_refused(house: House, page: object) -> None:
    ids = await house.furnish()
    answer = await house.ask("PATCH", f"/sites/{ids['site']}", {"page": page})
    assert answer.status_code == 422


async def test_a_visitor_who_asks_for_it_is_forgotten(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    await house.send_form(ids["company"], ids["site"], visit.session_id, FIELDS)
    assert (await house.ask("DELETE", f"/visitors/{visit.visitor_id}")).status_code == 204
    assert (await house.get("/forms"))["data"] == []
    (session,) = (await house.get("/sessions"))["data"]
    assert (session["visitor_id"], session["landing_page"], session["click_ids"]) == (visit.session_id, "", {})
    assert (await house.ask("DELETE", f"/visitors/{visit.visitor_id}")).status_code == 404
