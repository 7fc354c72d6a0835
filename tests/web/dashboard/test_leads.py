"""People who got in touch, and what is said of their calls."""

import re

import pytest

from swapboard.clock import DAY, SECOND
from swapboard.switchboard.beating import Happening
from swapboard.visits.visit import EventKind
from swapboard.web.dashboard import leads
from tests.web.dashboard.shop import BILLBOARD, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

ANN, BOB = "+12125550111", "+12125550122"


async def people(browser: Browser) -> list[str]:
    """The ids of the people that the list shows, in its order."""
    answer = await browser.get("/leads")
    assert answer.status_code == 200
    return re.findall(r"href=\"/leads/([0-9a-f]{32})\"", answer.text)


async def test_nobody_yet(owner: Browser) -> None:
    assert "Nobody has called or sent a form yet. Once your site" in (await owner.get("/leads")).text


async def test_two_calls_of_one_person_are_one_line(owner: Browser, shop: Shop, clock: Clock) -> None:
    for ref, caller in (("CA1", ANN), ("CA2", BOB), ("CA3", ANN)):
        clock.pass_by(60)
        await shop.ring(BILLBOARD, caller, ref=ref)
        await shop.hang_up(ref, talk_seconds=20)
    assert len(await people(owner)) == 2


async def test_who_wrote_first_came_from_where_the_form_s_visit_came_from(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    visit = await shop.visit()
    fields = {"email": "ann@example.com"}
    sent = Happening(EventKind.FORM, 0, "https://shop.example.com/", "", {"name": "quote"}, fields)
    await shop.beat(visit.session_id, happenings=[sent])
    html = (await owner.get("/leads")).text
    came = html.split('class="c-from"', 1)[1].split("</td>")[0]
    assert "Paid Search" in came
    assert "A form" not in came
    (lead_id,) = await people(owner)
    known = (await owner.get(f"/leads/{lead_id}")).text
    assert "<dt>Forms</dt><dd>1</dd>" in known
    assert "<dt>Calls</dt><dd>0</dd>" in known


async def test_a_first_call_is_no_note_on_who_called_again(owner: Browser, shop: Shop) -> None:
    for ref in ("CA1", "CA2"):
        await shop.ring(BILLBOARD, ANN, ref=ref)
    html = (await owner.get("/leads")).text
    assert "2 times" in html
    assert "first call" not in html


async def test_whom_another_was_joined_to_keeps_the_name(owner: Browser, shop: Shop, clock: Clock) -> None:
    for ref, caller in (("CA1", BOB), ("CA2", ANN)):
        await shop.ring(BILLBOARD, caller, ref=ref)
        clock.pass_by(60)
    _ann, bob = await people(owner)
    await owner.send_fields(f"/leads/{bob}/join", {"who": ANN})
    heading = (await owner.get(f"/leads/{bob}")).text.split("<h1>")[1].split("</h1>")[0]
    assert "555-0122" in heading


async def test_people_are_found_by_their_number(owner: Browser, shop: Shop) -> None:
    for ref, caller in (("CA1", ANN), ("CA2", BOB)):
        await shop.ring(BILLBOARD, caller, ref=ref)
        await shop.hang_up(ref, talk_seconds=20)
    found = (await owner.get("/leads?q=(212)+555-0111")).text
    assert len(re.findall(r"href=\"/leads/[0-9a-f]{32}\"", found)) == 1
    assert 'value="(212) 555-0111"' in found
    none = (await owner.get("/leads?q=nobody+at+all")).text
    assert "Nobody fits." in none
    assert "Nobody has called" not in none


async def test_a_person_s_way_with_its_milestones(owner: Browser, shop: Shop, clock: Clock) -> None:
    visit = await shop.visit()
    clock.pass_by(60)
    call_id = await shop.ring(visit.swaps[0].number, ANN)
    await shop.hang_up(talk_seconds=63)
    clock.pass_by(60)
    (lead_id,) = await people(owner)
    assert f"/leads/{lead_id}" in (await owner.get(f"/calls/{call_id}")).text
    html = (await owner.get(f"/leads/{lead_id}")).text
    assert f"/visits/{visit.session_id}" in html
    assert html.index("First visit") < html.index("Became a lead")
    assert "Paid Search" in html
    assert "Became a good lead" not in html
    answer = await owner.send_fields(f"/calls/{call_id}/verdict", {"qualified": "yes", "value": "", "tags": ""})
    assert answer.headers["location"] == f"/calls/{call_id}"
    assert "Became a good lead" in (await owner.get(f"/leads/{lead_id}")).text
    await owner.send_fields(f"/calls/{call_id}/verdict", {"qualified": "", "value": "", "tags": ""})
    assert "Became a good lead" not in (await owner.get(f"/leads/{lead_id}")).text


async def test_who_called_without_a_visit_made_none(owner: Browser, shop: Shop) -> None:
    await shop.ring(BILLBOARD, ANN)
    (lead_id,) = await people(owner)
    html = (await owner.get(f"/leads/{lead_id}")).text
    assert "First contact" in html
    assert "First visit" not in html


async def test_what_is_said_of_a_call_is_shown_again(owner: Browser, shop: Shop) -> None:
    call_id = await shop.ring(BILLBOARD, ANN)
    said = {"qualified": "no", "value": "1,250.50", "tags": "roof, <b>wet</b>,, roof "}
    await owner.send_fields(f"/calls/{call_id}/verdict", said)
    html = (await owner.get(f"/calls/{call_id}")).text
    assert 'value="1250.50"' in html
    assert 'value="roof, &lt;b&gt;wet&lt;/b&gt;"' in html
    assert '<option value="no" selected>' in html


@pytest.mark.parametrize(
    "said",
    [
        {"qualified": "perhaps", "value": "", "tags": ""},
        {"qualified": "", "value": "a lot", "tags": ""},
        {"qualified": "", "value": "-1", "tags": ""},
        {"qualified": "", "value": "NaN", "tags": ""},
        {"qualified": "", "value": "1e99", "tags": ""},
        {"qualified": "", "value": "", "tags": "x" * 51},
        {"qualified": "", "value": "", "tags": ",".join(f"t{n}" for n in range(21))},
    ],
)
async def test_nonsense_is_refused_and_changes_nothing(owner: Browser, shop: Shop, said: dict[str, str]) -> None:
    call_id = await shop.ring(BILLBOARD, ANN)
    before = (await owner.get(f"/calls/{call_id}")).text
    answer = await owner.send_fields(f"/calls/{call_id}/verdict", said)
    assert answer.status_code == (400 if said["qualified"] else 422)
    assert (await owner.get(f"/calls/{call_id}")).text == before


async def test_what_cannot_be_said_of_a_call_is_there_to_be_corrected(owner: Browser, shop: Shop) -> None:
    call_id = await shop.ring(BILLBOARD, ANN)
    assert "every 2s" in (await owner.get(f"/calls/{call_id}")).text
    said = {"qualified": "yes", "value": "about 300", "tags": "roof, urgent"}
    html = (await owner.send_fields(f"/calls/{call_id}/verdict", said)).text
    assert "Write an amount" in html
    assert 'value="about 300"' in html
    assert 'value="roof, urgent"' in html
    assert '<option value="yes" selected>' in html
    assert "every 2s" not in html, "news of the call would overwrite it"


async def test_who_is_not_there_cannot_be_judged_or_seen(owner: Browser) -> None:
    nobody = "0" * 32
    said = {"qualified": "yes", "value": "", "tags": ""}
    assert (await owner.send_fields(f"/calls/{nobody}/verdict", said)).status_code == 404
    assert (await owner.get(f"/leads/{nobody}")).status_code == 404


async def test_visits_of_long_ago_belong_to_the_way(owner: Browser, shop: Shop, clock: Clock) -> None:
    clock.now -= 3 * DAY
    first = await shop.visit()
    clock.now += 3 * DAY
    await shop.ring(first.swaps[0].number, ANN)
    (lead_id,) = await people(owner)
    assert (await owner.get(f"/leads/{lead_id}")).status_code == 200


async def test_that_there_were_more_visits_than_are_shown_is_said(
    owner: Browser, shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "there were older ones"
    first = await shop.visit()
    clock.pass_by(DAY / SECOND)
    again = await shop.visit(visitor_id=first.visitor_id)
    await shop.ring(again.swaps[0].number, ANN)
    (lead_id,) = await people(owner)
    path = f"/leads/{lead_id}"
    assert said not in (await owner.get(path)).text
    monkeypatch.setattr(leads, "MOST_VISITS", 1)
    assert said in (await owner.get(path)).text
