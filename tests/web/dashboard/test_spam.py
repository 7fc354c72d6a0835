"""The spam page by HTTP: what it says, who may change it, and what bad input is told."""

import pytest

from swapboard.calls import caller_word_store
from swapboard.calls.caller_word_store import words_of
from swapboard.calls.spam import Policy, Word
from swapboard.calls.spam_store import policy_of
from swapboard.storage.engine import reading
from tests.building import rows_of
from tests.web.dashboard.shop import BILLBOARD, Browser, Shop, stamp_on

pytestmark = pytest.mark.anyio

CALLER = "+12125550111"


async def called(shop: Shop) -> None:
    """A caller rings the billboard's number, and talks."""
    await shop.ring(BILLBOARD, caller=CALLER)
    await shop.answer()
    await shop.hang_up(talk_seconds=40)


def policy(shop: Shop) -> Policy:
    with reading(shop.exchange.engine) as connection:
        return policy_of(connection, shop.company_id)


async def test_the_policy_is_shown_changed_and_checked(owner: Browser, shop: Shop) -> None:
    page = (await owner.get("/spam")).text
    assert 'name="mark_percent" inputmode="decimal" required value="80"' in page
    sent = {
        "mark_percent": "70",
        "reject_percent": "",
        "cap_money": "25.50",
        "a_minute": "0,017",
        "cap_minutes": "",
    }
    assert (await owner.send_form("/spam/policy", sent)).status_code == 303
    assert policy(shop) == Policy(0.7, None, None, 2550, 1.7)
    assert 'value="25.50"' in (await owner.get("/spam")).text
    as_people_write = {"mark_percent": "66,5", "cap_money": "1.200", "a_minute": "1.125", "cap_minutes": "1,200"}
    assert (await owner.send_form("/spam/policy", {**sent, **as_people_write})).status_code == 303
    assert policy(shop) == Policy(0.665, None, 1200, 120_000, 112.5)
    assert (await owner.send_form("/spam/policy", sent)).status_code == 303
    for wrong in (
        {"mark_percent": "lots"},
        {"mark_percent": "101"},
        {"mark_percent": "nan"},
        {"mark_percent": ""},
        {"cap_minutes": "1e999"},
        {"cap_money": "-1e999"},
    ):
        answer = await owner.send_form("/spam/policy", {**sent, **wrong})
        assert answer.status_code == 422
        assert "percentages from 0 to 100" in answer.text
    without_price = await owner.send_form("/spam/policy", {**sent, "a_minute": ""})
    assert "Say what a minute costs" in without_price.text
    assert 'name="mark_percent" inputmode="decimal" required value="70"' in without_price.text
    assert 'name="cap_money" inputmode="decimal" value="25.50"' in without_price.text
    assert 'name="a_minute" inputmode="decimal" value=""' in without_price.text
    lots = await owner.send_form("/spam/policy", {**sent, "mark_percent": "lots", "cap_money": "30"})
    assert 'required value="lots"' in lots.text
    assert 'value="30"' in lots.text
    assert policy(shop).mark_from == 0.7


async def test_callers_are_added_listed_downloaded_and_removed(owner: Browser, shop: Shop) -> None:
    text = "(212) 555-0111\n+1900*,block,premium numbers\n+12125550112,allow,<b>mum</b>\n"
    assert (await owner.send_form("/spam/callers", {"list": text, "word": "block"})).status_code == 303
    page = (await owner.get("/spam")).text
    assert "premium numbers" in page
    assert "&lt;b&gt;mum&lt;/b&gt;" in page
    file = await owner.get("/spam/callers.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert "+1900*,block,premium numbers" in file.text
    with reading(shop.exchange.engine) as connection:
        assert set(words_of(connection, shop.company_id)) == {CALLER, "+1900*", "+12125550112"}
    routes = shop.exchange.directory.routes.companies[shop.company_id]
    assert set(routes.words) == {CALLER, "+1900*", "+12125550112"}, "the door knows it at once"
    first = rows_of(shop.exchange.engine, "caller_words")[0]
    assert (await owner.send_form("/spam/remove", {"word_id": first["word_id"]})).status_code == 303
    assert len(rows_of(shop.exchange.engine, "caller_words")) == 2


async def test_a_full_list_comes_back_changed(owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller_word_store, "MOST_WORDS", 2)
    for text, status in (("+1900*\n+1976*", 303), ("+1900*,allow\n+1976*,block", 303), ("+1900*\n+1977*", 409)):
        assert (await owner.send_form("/spam/callers", {"list": text, "word": "block"})).status_code == status
    with reading(shop.exchange.engine) as connection:
        assert words_of(connection, shop.company_id) == {"+1900*": Word.ALLOW, "+1976*": Word.BLOCK}


@pytest.mark.parametrize(
    ("text", "said"),
    [("nonsense", "Line 1: &#39;nonsense&#39; is not a phone number"), ("", "Write at least one number")],
)
async def test_what_is_no_number_is_said_and_nothing_is_kept(
    owner: Browser, shop: Shop, text: str, said: str
) -> None:
    answer = await owner.send_form("/spam/callers", {"list": text, "word": "block"})
    assert answer.status_code == 422
    assert said in answer.text
    assert rows_of(shop.exchange.engine, "caller_words") == []


async def test_a_list_with_a_wrong_line_is_there_to_be_corrected(owner: Browser, shop: Shop) -> None:
    answer = await owner.send_form("/spam/callers", {"list": "+1900*,block,premium\nnonsense", "word": "allow"})
    assert answer.status_code == 422
    assert "+1900*,block,premium\nnonsense</textarea>" in answer.text
    assert '<option value="allow" selected>' in answer.text


async def test_a_call_is_spam_and_no_spam_by_a_button(owner: Browser, shop: Shop) -> None:
    await called(shop)
    (call,) = rows_of(shop.exchange.engine, "calls")
    address = f"/calls/{call['call_id']}"
    assert "This call does not count as spam." in (await owner.get(address)).text
    assert (await owner.send_form(f"{address}/spam", {"spam": "spam"})).headers["location"] == address
    page = (await owner.get(address)).text
    assert "You said that this is spam. The caller is blocked." in page
    assert rows_of(shop.exchange.engine, "leads") == []
    assert "Spam only" in (await owner.get("/calls?period=all&spam=only")).text
    assert address in (await owner.get("/calls?period=all&spam=only")).text
    assert address not in (await owner.get("/calls?period=all&spam=none")).text
    back = await owner.send_form(f"{address}/spam", {"spam": "fine", "back": "1"})
    assert back.headers["location"] == "/spam"
    assert "always put through" in (await owner.get(address)).text
    assert len(rows_of(shop.exchange.engine, "leads")) == 1
    assert (await owner.send_form(f"{address}/spam", {"spam": "perhaps"})).status_code == 400
    assert (await owner.send_form("/calls/nobody/spam", {"spam": "spam"})).status_code == 404


async def test_a_honeypot_is_made_of_a_number_that_nothing_shows(owner: Browser, shop: Shop) -> None:
    (number,) = [row for row in rows_of(shop.exchange.engine, "numbers") if row["number"] == BILLBOARD]
    form = {"number_id": number["number_id"], "do": "set"}
    assert (await owner.send_form("/spam/honeypots", form)).status_code in {303, 409}
    pool = next(row for row in rows_of(shop.exchange.engine, "numbers") if row["pool_id"])
    refused = await owner.send_form("/spam/honeypots", {"number_id": pool["number_id"], "do": "set"})
    assert refused.status_code == 404
    assert not any(row["is_honeypot"] for row in rows_of(shop.exchange.engine, "numbers") if row["pool_id"])


async def test_who_may_only_look_changes_nothing(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    page = (await browser.get("/spam")).text
    assert "Add</button>" not in page
    for path in ("policy", "callers", "remove", "honeypots"):
        assert (await browser.send_form(f"/spam/{path}", {"x": "y"})).status_code == 403
    await called(shop)
    (call,) = rows_of(shop.exchange.engine, "calls")
    assert (await browser.send_form(f"/calls/{call['call_id']}/spam", {"spam": "spam"})).status_code == 403


async def test_a_strangers_calls_are_not_ours_to_judge(owner: Browser, shop: Shop, stranger: Shop) -> None:
    await called(stranger)
    (call,) = rows_of(shop.exchange.engine, "calls")
    assert (await owner.send_form(f"/calls/{call['call_id']}/spam", {"spam": "spam"})).status_code == 404
    assert not rows_of(shop.exchange.engine, "calls")[0]["is_spam"]


async def test_who_saves_the_policy_second_is_asked_and_not_obeyed(owner: Browser, shop: Shop) -> None:
    opened = stamp_on((await owner.get("/spam")).text)
    mine, yours = {"mark_percent": "70", "stamp": opened}, {"mark_percent": "60", "stamp": opened}
    assert (await owner.send_form("/spam/policy", mine)).status_code == 303
    wrong = await owner.send_form("/spam/policy", {**yours, "mark_percent": "lots"})
    assert stamp_on(wrong.text) == opened, "a slip does not hide that it is overtaken"
    late = await owner.send_form("/spam/policy", yours)
    assert late.status_code == 409
    assert "Somebody changed this since you opened it." in late.text
    assert 'required value="60"' in late.text
    assert policy(shop).mark_from == 0.7
    again = await owner.send_form("/spam/policy", {**yours, "stamp": stamp_on(late.text)})
    assert again.status_code == 303
    assert policy(shop).mark_from == 0.6
