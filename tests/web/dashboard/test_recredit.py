"""Past calls credited anew: shown before it is done, done once, written down; and people's words on matches."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert, select

from swapboard.attribution.curve import Curve
from swapboard.attribution.learned import Learned
from swapboard.attribution.recompute import Credit, note_change
from swapboard.calls.call import EventKind as CallEvent
from swapboard.clock import SECOND
from swapboard.storage.engine import reading
from swapboard.storage.schema import attribution_changes, calls, curves, lead_keys
from swapboard.switchboard.beating import Happening
from swapboard.visits.visit import EventKind, Presence
from tests.building import rows_of
from tests.one_server import on_one_server
from tests.web.dashboard.shop import BILLBOARD, POOL, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

ANN = "+12125550111"


async def a_late_call(shop: Shop, clock: Clock, ref: str = "CA1", caller: str | None = ANN) -> str:
    """Somebody leaves and calls ten minutes later."""
    visit = await shop.visit()
    clock.pass_by(60)
    await shop.beat(visit.session_id, Presence.GONE)
    clock.pass_by(600)
    call_id = await shop.ring(visit.swaps[0].number, caller, ref=ref)
    await shop.hang_up(ref, talk_seconds=30)
    clock.pass_by(60)
    return call_id


async def learn(shop: Shop, version: int, nobody: float) -> None:
    """What a night might have learned: so many times the prior's calls of nobody."""
    prior = Curve.prior()
    learned = Learned(version, replace(prior, nobody=prior.nobody * nobody))

    def keep(connection: Connection) -> None:
        connection.execute(
            insert(curves).values(
                company_id=shop.company_id,
                version=version,
                learned_at=shop.clock(),
                calls=20,
                learned=learned.as_json(),
            )
        )

    await shop.exchange.change(keep)


def fields_of(html: str) -> dict[str, str]:
    """What the button would send."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="(\d+)"', html))


def credited(shop: Shop, call_id: str) -> tuple[str, str | None]:
    with reading(shop.exchange.engine) as connection:
        query = select(calls.c.attribution_kind, calls.c.session_id, calls.c.search_text).where(
            calls.c.company_id == shop.company_id, calls.c.call_id == call_id
        )
        row = connection.execute(query).one()
        assert ("paid search" in row.search_text) is (row.session_id is not None)
        return row.attribution_kind, row.session_id


async def test_nothing_changes_until_somebody_says_so(owner: Browser, shop: Shop, clock: Clock) -> None:
    assert "No calls in these days." in (await owner.get("/trust/recredit")).text
    call_id = await a_late_call(shop, clock)
    before = credited(shop, call_id)
    assert before[0] == "session"
    assert "it comes out as it stands" in (await owner.get("/trust/recredit")).text
    await learn(shop, 1, nobody=1e6)
    html = (await owner.get("/trust/recredit?days=90")).text
    assert f'href="/calls/{call_id}"' in html
    assert f'<a href="/visits/{before[1]}"><bdi>Paid Search</bdi></a>' in html, "which visit it is"
    assert credited(shop, call_id) == before
    answer = await owner.send_fields("/trust/recredit", fields_of(html))
    assert answer.headers["location"] == "/trust/recredit?days=90"
    assert credited(shop, call_id) == ("unknown", None)
    log = (await owner.get(answer.headers["location"])).text
    assert "1 call was credited anew.<" in log
    assert "was credited anew." not in (await owner.get(answer.headers["location"])).text, "it is said once"
    assert '<option value="90" selected>' in log
    assert re.search(rf'href="/calls/{call_id}"><time ', log), "the log says which call it was"
    assert "owner@example.com" in log
    assert "credited anew by" in (await owner.get(f"/calls/{call_id}")).text
    with reading(shop.exchange.engine) as connection:
        mine = attribution_changes.c.company_id == shop.company_id
        assert len(connection.execute(select(attribution_changes).where(mine)).all()) == 1
        visitors = (lead_keys.c.company_id == shop.company_id, lead_keys.c.kind == "visitor")
        # The caller is no longer taken for the visitor.
        assert connection.execute(select(lead_keys).where(*visitors)).all() == []
    # And back again, when that is what is known.
    await learn(shop, 2, nobody=1)
    html = (await owner.get("/trust/recredit")).text
    await owner.send_fields("/trust/recredit", fields_of(html))
    assert credited(shop, call_id) == before


async def test_what_was_learned_meanwhile_is_shown_first(owner: Browser, shop: Shop, clock: Clock) -> None:
    call_id = await a_late_call(shop, clock)
    await learn(shop, 1, nobody=1e6)
    shown = fields_of((await owner.get("/trust/recredit")).text)
    await learn(shop, 2, nobody=2e6)
    answer = await owner.send_fields("/trust/recredit", shown)
    assert answer.status_code == 409
    assert "look again" in answer.text
    assert credited(shop, call_id)[0] == "session"


async def test_the_log_of_one_moment_is_in_the_order_of_the_calls(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    made = [await a_late_call(shop, clock, f"CA{place}", f"+121255501{place:02}") for place in range(6)]
    await learn(shop, 1, nobody=1e6)
    await owner.send_fields("/trust/recredit", fields_of((await owner.get("/trust/recredit")).text))
    log = (await owner.get("/trust/recredit")).text.split('id="log"')[1]
    assert re.findall(r'href="/calls/(\w+)"', log) == made[::-1]


@on_one_server("field", ["version", "since", "until"])
@on_one_server("value", ["", "-1", "x", "9" * 40])
async def test_a_form_that_is_none_is_refused(owner: Browser, field: str, value: str) -> None:
    said = {"version": "0", "since": "0", "until": "1"} | {field: value}
    assert (await owner.send_fields("/trust/recredit", said)).status_code == 400


async def test_readers_look_only(browser: Browser, shop: Shop, clock: Clock) -> None:
    call_id = await a_late_call(shop, clock)
    await learn(shop, 1, nobody=1e6)
    await browser.log_in("reader@example.com")
    html = (await browser.get("/trust/recredit")).text
    assert 'name="version"' not in html
    said = {"version": "1", "since": "0", "until": str(clock.now)}
    assert (await browser.send_fields("/trust/recredit", said)).status_code == 403
    assert (await browser.send_fields(f"/calls/{call_id}/match", {"match": "right"})).status_code == 403
    assert credited(shop, call_id)[0] == "session"


async def test_what_a_carrier_tells_late_is_written_down(owner: Browser, shop: Shop, clock: Clock) -> None:
    """It tells after the end that the call came ten minutes earlier: the visitor was still on the page then."""
    call_id = await a_late_call(shop, clock)
    assert "credited anew by" not in (await owner.get(f"/calls/{call_id}")).text
    clock.pass_by(-695)
    await shop.tell("CA1", CallEvent.ARRIVED, dialled=POOL[0], caller=ANN, withheld=False)
    clock.pass_by(695)
    html = (await owner.get(f"/calls/{call_id}")).text
    assert "credited anew by" in html
    assert "the carrier, who told it late" in html


async def test_a_word_on_a_match_is_kept_and_taken_back(owner: Browser, shop: Shop, clock: Clock) -> None:
    call_id = await a_late_call(shop, clock)
    before = credited(shop, call_id)
    assert "another visit" in (await owner.get(f"/calls/{call_id}")).text
    answer = await owner.send_fields(f"/calls/{call_id}/match", {"match": "wrong"})
    assert answer.headers["location"] == f"/calls/{call_id}"
    assert "You said that this is the wrong visit." in (await owner.get(f"/calls/{call_id}")).text
    assert "1 call of the last 90 days" in (await owner.get("/trust")).text
    assert credited(shop, call_id) == before
    await owner.send_fields(f"/calls/{call_id}/match", {"match": ""})
    assert "You said" not in (await owner.get(f"/calls/{call_id}")).text
    assert "1 call of the last 90 days" not in (await owner.get("/trust")).text


async def test_it_may_be_said_that_it_was_nobody(owner: Browser, shop: Shop, clock: Clock) -> None:
    call_id = await a_late_call(shop, clock)
    await owner.send_fields(f"/calls/{call_id}/match", {"match": "nobody"})
    assert "You said that it was nobody from the site." in (await owner.get(f"/calls/{call_id}")).text
    [said] = rows_of(shop.exchange.engine, "match_verdicts")
    assert (said["is_right"], said["was_nobody"]) == (False, True)
    assert "1 call of the last 90 days" in (await owner.get("/trust")).text


async def test_the_answer_nobody_is_judged_too(owner: Browser, shop: Shop, clock: Clock) -> None:
    await learn(shop, 1, nobody=1e3)
    call_id = await a_late_call(shop, clock)
    assert credited(shop, call_id)[0] == "unknown"
    html = (await owner.get(f"/calls/{call_id}")).text
    assert "one of the visits" in html
    assert "another visit" not in html
    for word, is_right in (("nobody", True), ("wrong", False)):
        await owner.send_fields(f"/calls/{call_id}/match", {"match": word})
        [said] = rows_of(shop.exchange.engine, "match_verdicts")
        assert (said["session_id"], said["is_right"], said["was_nobody"]) == ("", is_right, is_right)
        assert said["confidence"] > 0.5
    assert "You said that it was one of the visits." in (await owner.get(f"/calls/{call_id}")).text
    assert "1 call of the last 90 days" in (await owner.get("/trust")).text


async def test_ten_words_make_a_figure(owner: Browser, shop: Shop, clock: Clock) -> None:
    for place in range(10):
        call_id = await a_late_call(shop, clock, f"CA{place}", f"+1212555{110 + place:04d}")
        word = "wrong" if place == 0 else "right"
        await owner.send_fields(f"/calls/{call_id}/match", {"match": word})
    section = (await owner.get("/trust")).text.split('aria-labelledby="person"')[1].split("</section>")[0]
    assert 'class="dot"' in section
    assert "90%" in section


async def test_only_a_visit_can_be_right(owner: Browser, shop: Shop) -> None:
    call_id = await shop.ring(BILLBOARD, ANN)
    assert 'name="match"' not in (await owner.get(f"/calls/{call_id}")).text
    assert (await owner.send_fields(f"/calls/{call_id}/match", {"match": "right"})).status_code == 409
    assert (await owner.send_fields(f"/calls/{call_id}/match", {"match": "maybe"})).status_code == 400
    assert (await owner.send_fields(f"/calls/{'0' * 32}/match", {"match": "right"})).status_code == 404


async def test_a_form_with_the_caller_s_number_checks_the_call(owner: Browser, shop: Shop, clock: Clock) -> None:
    for place in range(10):
        caller = f"+1212555{110 + place:04d}"
        visit = await shop.visit()
        clock.pass_by(30)
        typed = Happening(EventKind.FORM, 0, "https://shop.example.com/", "", {"name": "quote"}, {"phone": caller})
        await shop.beat(visit.session_id, happenings=[typed])
        await shop.ring(visit.swaps[0].number, caller, ref=f"CA{place}")
        await shop.hang_up(f"CA{place}", talk_seconds=10)
        await shop.beat(visit.session_id, Presence.GONE)
        clock.pass_by(120)
    section = (await owner.get("/trust")).text.split('aria-labelledby="form"')[1].split("</section>")[0]
    assert 'class="dot"' in section
    assert '<td class="number">100%</td>' in section


@pytest.mark.parametrize("told", ["while it rings", "after it ended"])
async def test_a_tap_counts_that_is_told_before_the_call_has_ended(shop: Shop, clock: Clock, told: str) -> None:
    admitted = await shop.visit()
    clock.pass_by(600)
    await shop.beat(admitted.session_id)
    call_id = await shop.ring(admitted.swaps[0].number)

    def sureness() -> float:
        [call] = rows_of(shop.exchange.engine, "calls", call_id=call_id)
        return float(str(call["confidence"]))

    before = sureness()
    clock.pass_by(10)
    if told == "after it ended":
        await shop.hang_up(talk_seconds=9)
    await shop.beat(admitted.session_id, happenings=[Happening(EventKind.TAP, 12 * SECOND)])
    await shop.hang_up(talk_seconds=9)
    assert (sureness() > before) is (told == "while it rings")


async def test_the_log_leaves_out_what_reads_the_same(owner: Browser, shop: Shop, clock: Clock) -> None:
    call_id = await a_late_call(shop, clock)

    def said(confidence: float) -> Credit:
        return Credit("session", "5" * 32, confidence)

    def note(was: float, became: float) -> Callable[[Connection], None]:
        return lambda connection: note_change(
            connection, shop.company_id, call_id, said(was), said(became), "learning", clock.now
        )

    await shop.exchange.change(note(0.9961, 0.9984))
    html = (await owner.get("/trust/recredit")).text.split('id="log"')[1]
    assert "<table" not in html
    assert "1 change is left out here" in html
    await shop.exchange.change(note(0.8, 0.9984))
    await shop.exchange.change(note(0.8001, 0.8002))
    html = (await owner.get("/trust/recredit")).text.split('id="log"')[1]
    assert html.count("<tr>") == 2, "the head, and the change that one sees"
    assert "a visit that was deleted 80%" in html
    assert "2 changes are left out here" in html
