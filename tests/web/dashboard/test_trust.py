"""The page that says how far the confidence can be trusted."""

import pytest

from swapboard.switchboard.beating import Happening
from swapboard.visits.visit import EventKind, Presence
from tests.web.dashboard.shop import Browser, Clock, Shop

pytestmark = pytest.mark.anyio


async def a_tap_and_a_call(shop: Shop, clock: Clock, call_ref: str) -> None:
    """A visitor taps the number, and it rings five seconds later."""
    admitted = await shop.visit()
    clock.pass_by(20)
    await shop.beat(admitted.session_id, happenings=[Happening(EventKind.TAP, 0)])
    clock.pass_by(5)
    await shop.ring(admitted.swaps[0].number, f"+1212555{100 + int(call_ref[2:]):04d}", ref=call_ref)
    await shop.beat(admitted.session_id, Presence.GONE)
    clock.pass_by(60)


async def test_too_few_checked_calls_say_so(owner: Browser) -> None:
    answer = await owner.get("/trust")
    assert answer.status_code == 200
    assert "No call of the last 90 days could be checked yet." in answer.text
    assert '<svg class="plot"' not in answer.text


async def test_taps_confirm_what_we_were_sure_of(owner: Browser, shop: Shop, clock: Clock) -> None:
    for index in range(12):
        await a_tap_and_a_call(shop, clock, f"CA{index}")
    answer = await owner.get("/trust")
    assert "calls that we were at least 90% sure of were confirmed" in answer.text or "sure of none" in answer.text
    assert 'class="dot"' in answer.text
    assert '<td class="number">100%</td>' in answer.text
    assert '<th scope="row" class="number">&gt;99%</th>' in answer.text, "what is not certain is never 100%"
    assert "<title>&gt;99% / 100% (12)</title>" in answer.text


async def test_calls_lead_there(owner: Browser) -> None:
    assert 'href="/trust"' in (await owner.get("/calls")).text


async def test_a_strangers_calls_do_not_count(owner: Browser, stranger: Shop, clock: Clock) -> None:
    for index in range(3):
        await a_tap_and_a_call(stranger, clock, f"CB{index}")
    assert "No call of the last" in (await owner.get("/trust")).text
