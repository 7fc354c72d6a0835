"""The sizing page: by own visits, by three answers, with the vendors' rules beside ours."""

import re

import pytest

from swapboard.visits.visit import Presence
from tests.web.dashboard.shop import Browser, Clock, Shop

pytestmark = pytest.mark.anyio


async def test_three_answers_and_the_vendors_rules(owner: Browser) -> None:
    asked = {"visits": "200", "minutes": "3", "share": "100", "quiet": "0", "promise": "1", "price": "1.15"}
    answer = await owner.get("/numbers/sizing", params=asked)
    assert answer.status_code == 200
    assert re.search(r"18 <small>numbers advised", answer.text)
    assert "21.5%" in answer.text
    assert "one for every 20 daily visitors" in answer.text
    assert 'class="overflow" points="' in answer.text
    assert "Too few visits yet" in answer.text


@pytest.mark.parametrize("visits", ["", "nan", "-5", "1e99", "lots", "12,5"])
async def test_odd_answers_do_no_harm(owner: Browser, visits: str) -> None:
    answer = await owner.get("/numbers/sizing", params={"visits": visits, "minutes": "600"})
    assert answer.status_code == 200


async def test_own_visits_are_replayed_and_the_alarm_sounds(owner: Browser, shop: Shop, clock: Clock) -> None:
    sessions: list[str] = []
    for _ in range(120):
        admitted = await shop.visit()
        sessions.append(admitted.session_id)
        if len(sessions) > 4:
            await shop.beat(sessions.pop(0), Presence.GONE)
        clock.pass_by(10)
    answer = await owner.get("/numbers/sizing", params={"quiet": "0"})
    assert "Replayed 120 visits" in answer.text or re.search(r"Replayed \d+ visits", answer.text)
    assert "is too small" in answer.text
    assert "numbers advised, 3 now" in answer.text
    assert 'class="bar-full"' in answer.text


async def test_a_strangers_pool_is_not_shown(owner: Browser, stranger: Shop, shop: Shop) -> None:
    answer = await owner.get("/numbers/sizing", params={"pool": stranger.pool_id})
    assert stranger.pool_id not in answer.text
    assert shop.pool_id in answer.text
