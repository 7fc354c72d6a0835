"""What missed callers are written: set on its page, shown with what was sent, came in, and who wants no more."""

import pytest

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.carriers.base import Text
from swapboard.clock import MINUTE, SECOND
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.switchboard.texting import hear_text
from swapboard.texts.store import replies_of
from tests.web.dashboard.shop import BILLBOARD, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

CALLER = "+12125550177"


async def save(browser: Browser, **fields: str) -> int:
    return (await browser.send_form("/numbers/texts", fields)).status_code


async def replies(exchange: Exchange, shop: Shop) -> dict[str, str]:
    return dict(await exchange.read(lambda connection: replies_of(connection, shop.company_id)))


async def test_words_are_set_for_all_and_for_one(owner: Browser, exchange: Exchange, shop: Shop) -> None:
    assert await save(owner, line="", text="Sorry. Ring {number}.") == 303
    assert await save(owner, line=BILLBOARD, text="") == 303
    assert await replies(exchange, shop) == {"": "Sorry. Ring {number}.", BILLBOARD: ""}
    page = (await owner.get("/numbers/texts")).text
    assert "Sorry. Ring {number}." in page
    assert "/message</code>" in page
    assert await save(owner, line=BILLBOARD, do="same") == 303
    assert await save(owner, line="", text="") == 303
    assert await replies(exchange, shop) == {}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"line": "", "text": "x" * 321}, "Write at most 320 letters"),
        ({"line": "", "text": "Hello {name}"}, "Only {number} can be filled in"),
        ({"line": "+12025559999", "text": "Hello"}, "none of your tracking numbers"),
    ],
)
async def test_what_cannot_be_is_said(
    owner: Browser, exchange: Exchange, shop: Shop, fields: dict[str, str], says: str
) -> None:
    answer = await owner.send_form("/numbers/texts", fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert await replies(exchange, shop) == {}


async def test_words_that_cannot_be_are_there_to_be_corrected(owner: Browser, shop: Shop) -> None:
    for line in ("", BILLBOARD):
        answer = await owner.send_form("/numbers/texts", {"line": line, "text": "Sorry, {name}, we ring you"})
        assert answer.text.count("Sorry, {name}, we ring you</textarea>") == 1
        assert (f'<option value="{BILLBOARD}" selected>' in answer.text) is bool(line)


async def test_who_may_only_read_changes_nothing(browser: Browser, exchange: Exchange, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    assert await save(browser, line="", text="Hello") == 403
    assert "<textarea" not in (await browser.get("/numbers/texts")).text
    assert await replies(exchange, shop) == {}


async def test_what_was_sent_and_came_in_is_shown(
    owner: Browser, exchange: Exchange, shop: Shop, clock: Clock
) -> None:
    await save(owner, line="", text="Sorry that we missed you.")
    at, facts = clock(), Facts(dialled=BILLBOARD, caller=CALLER)
    missed = Facts(dialled=BILLBOARD, caller=CALLER, outcome=Outcome.NO_ANSWER)
    events = (
        CallEvent("CA9", "", EventKind.ARRIVED, 0, at, facts),
        CallEvent("CA9", "", EventKind.DIAL_ENDED, 1, at + SECOND, missed),
    )
    await exchange.writer.submit(RECEIVE, Told(shop.company_id, shop.carrier_id, events, {}, at + SECOND))
    clock.now = at + MINUTE
    await exchange.texter.look()
    text = Text(CALLER, BILLBOARD, "<b>Stop</b>", "SM1")
    await exchange.change(
        lambda connection: hear_text(connection, shop.company_id, shop.carrier_id, text, clock())
    )
    page = (await owner.get("/numbers/texts")).text
    assert "Sorry that we missed you." in page
    assert "sent" in page
    assert "&lt;b&gt;Stop&lt;/b&gt;" in page
    assert "Who wrote STOP" not in page, "that is no STOP"
