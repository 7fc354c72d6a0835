"""What was said, on pages: read by who may, found by its words, and rules that say why."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from swapboard.calls.lead_rule_store import rules_of
from swapboard.calls.listing import call_by_id
from swapboard.calls.phrase_store import WordSettings, phrases_of, set_word_settings, word_settings_of
from swapboard.recordings.recording import Recording
from swapboard.recordings.transcripts import want_transcript
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.transcribing import Transcriber
from tests.one_server import on_one_server
from tests.recordings.script_engine import Script
from tests.web.dashboard.shop import ORIGIN, Browser, Shop, stamp_on
from tests.web.dashboard.test_recordings import recording

pytestmark = pytest.mark.anyio

assert recording  # a fixture

RULE = {
    "name": "Booked",
    "says": "appointment",
    "said_by": "caller",
    "qualified": "yes",
    "value": "120",
    "is_on": "yes",
}


@pytest.fixture
async def looker(app: Starlette, shop: Shop) -> AsyncIterator[Browser]:
    """Somebody who may look, but neither listen nor change anything."""
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        await browser.log_in("reader@example.com")
        yield browser


@pytest.fixture
async def said(owner: Browser, exchange: Exchange, recording: Recording) -> Recording:
    """The recording, written down: the rule asks for a word that is said in it."""
    await owner.send_form("/leads/rules/new", RULE)
    exchange.transcriber = Transcriber(exchange, Script("an appointment, <b>please</b>", "of course"))
    await exchange.change(
        lambda connection: want_transcript(
            connection, recording.company_id, recording.recording_id, recording.call_id, exchange.clock()
        )
    )
    await exchange.transcriber.look()
    return recording


async def test_the_page_shows_each_line_with_its_speaker(owner: Browser, said: Recording) -> None:
    page = (await owner.get(f"/calls/{said.call_id}")).text

    assert "an <mark>appointment,</mark> &lt;b&gt;please&lt;/b&gt;" in page
    assert page.count('class="said-line said-caller"') == 1
    assert page.count('class="said-line said-agent"') == 1
    assert f"/calls/{said.call_id}/recordings/{said.recording_id}/sound#t=0.0" in page


async def test_the_page_says_why_it_is_a_good_lead(owner: Browser, said: Recording) -> None:
    page = " ".join((await owner.get(f"/calls/{said.call_id}")).text.split())

    assert "Qualified, because the caller said “appointment” at 0:00" in page
    assert "your rule <bdi>Booked</bdi>" in page
    assert "Worth 120.00 by your rule" in page
    assert "of 100" in page


async def test_who_may_not_listen_may_not_read_nor_search(
    looker: Browser, owner: Browser, said: Recording
) -> None:
    assert said.call_id in (await owner.get("/calls?period=all&said=appointment")).text
    assert said.call_id not in (await owner.get("/calls?period=all&said=refund")).text

    page = (await looker.get(f"/calls/{said.call_id}")).text
    assert "please" not in page
    assert said.call_id in (await looker.get("/calls?period=all&said=refund")).text


async def test_a_persons_word_is_said_to_be_one(owner: Browser, said: Recording, exchange: Exchange) -> None:
    form = {"qualified": "no", "value": "120", "tags": ""}
    await owner.send_form(f"/calls/{said.call_id}/verdict", form)

    page = " ".join((await owner.get(f"/calls/{said.call_id}")).text.split())
    assert "Not qualified: somebody of yours said so." in page

    await owner.send_form(f"/calls/{said.call_id}/verdict", {**form, "qualified": ""})
    call = await exchange.read(lambda connection: call_by_id(connection, said.company_id, said.call_id))
    assert call
    assert call.qualified is True, "the rule decides again"


async def test_a_recording_can_be_asked_for_once_there_is_a_model(
    owner: Browser, looker: Browser, exchange: Exchange, recording: Recording
) -> None:
    address = f"/calls/{recording.call_id}/recordings/{recording.recording_id}/words"
    assert "Write down what was said" not in (await owner.get(f"/calls/{recording.call_id}")).text
    exchange.transcriber = Transcriber(exchange, Script("hello", "hello"))
    assert "Write down what was said" in (await owner.get(f"/calls/{recording.call_id}")).text

    assert (await looker.send_form(address, {})).status_code == 403
    assert (await owner.send_form(address, {})).status_code == 303
    assert "is being written down" in (await owner.get(f"/calls/{recording.call_id}")).text
    assert (await owner.send_form(address.replace(recording.call_id, "nobody"), {})).status_code == 404


async def test_words_are_put_on_the_list_and_taken_off(owner: Browser, shop: Shop, exchange: Exchange) -> None:
    form = {
        "do": "add",
        "phrases": "Emergency, how  much",
        "said_by": "caller",
        "meaning": "good",
        "tag": "urgent",
    }
    assert (await owner.send_form("/words", form)).status_code == 303
    page = (await owner.get("/words")).text
    assert "how much" in page
    assert "also emergencies, emergency" in page

    known = await exchange.read(lambda connection: phrases_of(connection, shop.company_id))
    assert [each.phrase.text for each in known] == ["emergency", "how much"]
    await owner.send_form("/words", {"do": "remove", "phrase_id": known[0].phrase_id})
    known = await exchange.read(lambda connection: phrases_of(connection, shop.company_id))
    assert [each.phrase.text for each in known] == ["how much"]


@on_one_server(
    ("form", "says"),
    [
        ({"do": "add", "phrases": "..."}, "Write a word or a few"),
        ({"do": "add", "phrases": "x" * 81}, "at most 80 letters"),
        ({"do": "add", "phrases": "x", "said_by": "dog"}, "Choose from the lists"),
        ({"do": "add", "phrases": "x", "tag": "y" * 51}, "at most 50 letters"),
        ({"do": "settings", "language": "klingon"}, "Choose a language"),
    ],
)
async def test_what_makes_no_sense_is_said(owner: Browser, form: dict[str, str], says: str) -> None:
    answer = await owner.send_form("/words", form)

    assert answer.status_code == 422
    assert says in answer.text


async def test_words_that_make_no_sense_are_there_to_be_corrected(owner: Browser) -> None:
    form = {"do": "add", "phrases": "appointment, ...", "said_by": "caller", "meaning": "good", "tag": "urgent"}
    answer = (await owner.send_form("/words", form)).text
    assert "Write a word or a few" in answer
    assert 'name="phrases" value="appointment, ..."' in answer
    assert 'name="tag" value="urgent"' in answer
    assert '<option value="caller" selected>' in answer
    assert '<option value="good" selected>' in answer


async def test_writing_down_is_off_until_it_is_switched_on(
    owner: Browser, looker: Browser, shop: Shop, exchange: Exchange
) -> None:
    assert "SWAPBOARD_TRANSCRIBE_MODEL" in (await owner.get("/words")).text
    form = {"do": "settings", "transcribes": "yes", "language": "en"}
    assert (await looker.send_form("/words", form)).status_code == 403
    await owner.send_form("/words", form)

    settings = await exchange.read(lambda connection: word_settings_of(connection, shop.company_id))
    assert (settings.transcribes, settings.language) == (True, "en")


async def test_a_language_that_only_the_api_offers_stays(owner: Browser, shop: Shop, exchange: Exchange) -> None:
    swedish = WordSettings(transcribes=False, language="sv")
    await exchange.change(lambda connection: set_word_settings(connection, shop.company_id, swedish))
    shown = (await owner.get("/words")).text
    chosen = re.findall(r'<option value="(\w*)" selected>', shown)[0]
    await owner.send_form("/words", {"do": "settings", "language": chosen, "transcribes": "yes"})
    settings = await exchange.read(lambda connection: word_settings_of(connection, shop.company_id))
    assert (settings.language, settings.transcribes) == ("sv", True)
    assert (await owner.send_form("/words", {"do": "settings", "language": "da"})).status_code == 422


async def test_rules_are_written_ordered_and_deleted(owner: Browser, shop: Shop, exchange: Exchange) -> None:
    await owner.send_form("/leads/rules/new", RULE)
    other = {
        "name": "Short",
        "talk_seconds_below": "15",
        "qualified": "no",
        "channel": "Paid Search",
        "is_on": "yes",
    }
    await owner.send_form("/leads/rules/new", other)
    page = (await owner.get("/leads/rules")).text
    assert "If the caller says “appointment”: it is a good lead, it is worth 120.00 USD." in page
    assert "If the talk takes less than 15\u00a0s and it comes by Paid Search: it is no good lead." in page

    rules = await exchange.read(lambda connection: rules_of(connection, shop.company_id))
    await owner.send_form("/leads/rules/order", {"rule_id": rules[1].rule_id, "do": "up"})
    rules = await exchange.read(lambda connection: rules_of(connection, shop.company_id))
    assert [each.rule.name for each in rules] == ["Short", "Booked"]
    shown = (await owner.get(f"/leads/rules/{rules[0].rule_id}")).text
    assert 'value="15"' in shown

    assert (await owner.send_form(f"/leads/rules/{rules[0].rule_id}/delete", {})).status_code == 303
    assert (await owner.get(f"/leads/rules/{rules[0].rule_id}")).status_code == 404


@on_one_server(
    ("changed", "says"),
    [
        ({"name": ""}, "Give the rule a name"),
        ({"talk_seconds": "a minute"}, "whole numbers"),
        ({"qualified": "", "value": ""}, "Say what the rule does"),
        ({"value": "much"}, "like 40"),
        ({"says": "..."}, "Write a word"),
        ({"caller_share": "900"}, "Look at the numbers"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_said(owner: Browser, changed: dict[str, str], says: str) -> None:
    answer = await owner.send_form("/leads/rules/new", {**RULE, **changed})

    assert answer.status_code == 422
    assert says in answer.text
    typed = {**RULE, **changed}
    assert f'value="{typed["says"]}"' in answer.text, "what was typed still stands there"


async def test_who_saves_a_rule_second_is_asked_and_not_obeyed(
    owner: Browser, shop: Shop, exchange: Exchange
) -> None:
    await owner.send_form("/leads/rules/new", RULE)
    [rule] = await exchange.read(lambda connection: rules_of(connection, shop.company_id))
    path = f"/leads/rules/{rule.rule_id}"
    opened = stamp_on((await owner.get(path)).text)
    assert (await owner.send_form(path, {**RULE, "name": "Mine", "stamp": opened})).status_code == 303
    late = await owner.send_form(path, {**RULE, "name": "Yours", "stamp": opened})
    assert late.status_code == 422
    assert "Somebody changed this since you opened it." in late.text
    [rule] = await exchange.read(lambda connection: rules_of(connection, shop.company_id))
    assert rule.rule.name == "Mine"
    again = await owner.send_form(path, {**RULE, "name": "Yours", "stamp": stamp_on(late.text)})
    assert again.status_code == 303


async def test_who_saves_second_whether_calls_are_written_down_is_asked(
    owner: Browser, shop: Shop, exchange: Exchange
) -> None:
    opened = stamp_on((await owner.get("/words")).text)
    mine = {"do": "settings", "transcribes": "yes", "language": "es", "stamp": opened}
    yours = {"do": "settings", "language": "fr", "stamp": opened}
    assert (await owner.send_form("/words", mine)).status_code == 303
    late = await owner.send_form("/words", yours)
    assert late.status_code == 409
    assert "Somebody changed this since you opened it." in late.text
    assert '<option value="fr" selected>' in late.text
    known = await exchange.read(lambda connection: word_settings_of(connection, shop.company_id))
    assert (known.transcribes, known.language) == (True, "es")
    assert (await owner.send_form("/words", {**yours, "stamp": stamp_on(late.text)})).status_code == 303


async def test_who_may_only_look_changes_no_rule(looker: Browser) -> None:
    assert (await looker.get("/leads/rules")).status_code == 200
    assert (await looker.get("/leads/rules/new")).status_code == 200
    assert (await looker.send_form("/leads/rules/new", RULE)).status_code == 403
