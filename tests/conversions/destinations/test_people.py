"""What people read: in Slack, in Teams, as an e-mail; and nothing in it that its owner did not choose."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import HOUR, MINUTE
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.crm import description
from swapboard.conversions.destinations.installed import destination_kind, installed
from swapboard.conversions.destinations.request import Answer, shown
from swapboard.conversions.event import Event
from swapboard.conversions.message import Saying
from swapboard.conversions.notice import FACTS, LINK, NAME, NUMBER, VALUE, notice_of
from swapboard.conversions.outbox import Outcome
from swapboard.language import speaking
from tests.conversions.destinations.slack_stand_in import URL, Slack
from tests.conversions.destinations.teams_stand_in import URL as TEAMS_URL
from tests.conversions.destinations.teams_stand_in import Teams
from tests.conversions.people import CALL, FORM, MISSED, NOW, ORIGIN, a_message, contacts
from tests.conversions.people import FACTS as CALL_FACTS

ENDED = a_message(saying=Event.ENDED)


def slack(**changes: str) -> Destination:
    return destination_kind("slack").open({"url": URL, **changes})


def teams(**changes: str) -> Destination:
    return destination_kind("teams").open({"url": TEAMS_URL, **changes})


def test_slack_shows_who_called_from_which_ad_with_a_link() -> None:
    there = Slack()
    (result,) = slack().send([ENDED], NOW, there)
    assert result.outcome is Outcome.TAKEN
    header, section, actions = there.messages[0]["blocks"]
    assert header["text"]["text"] == "A call ended: Ann Lee"
    told = {each["text"].partition("\n")[0]: each["text"].partition("\n")[2] for each in section["fields"]}
    assert told["*Their number*"] == "+1 212-555-0111"
    assert told["*How long they talked*"] == "1:03"
    assert told["*Which ad brought them*"] == "Paid Search, google, spring, emergency plumber"
    assert told["*When*"] == "Wed 18 Nov, 06:06", "by the company's clock"
    assert "Landing page" not in str(told)
    assert actions["elements"][0]["url"] == ENDED.link


@pytest.mark.parametrize(("currency", "worth"), [("EUR", "4500.00 EUR"), ("JPY", "4500 JPY")])
def test_money_has_as_many_digits_as_its_currency(currency: str, worth: str) -> None:
    worthy = replace(ENDED, value_cents=450_000, currency=currency)
    assert ("Value", worth) in notice_of(worthy, (VALUE,)).rows
    assert f"Value: {worth}" in description(worthy)


@pytest.mark.parametrize(
    ("message", "heading"),
    [
        (a_message(MISSED, Event.MISSED), "Missed call: +1 212-555-0111"),
        (a_message(replace(MISSED, phone=None), Event.MISSED), "Missed call: withheld"),
        (
            a_message(replace(MISSED, call=replace(CALL_FACTS, voicemail_seconds=9)), Event.MISSED),
            "Missed call, with a message: +1 212-555-0111",
        ),
        (a_message(FORM), "New form: Ann Lee"),
        (a_message(saying=Saying.RETRACT), "A call does not count after all: Ann Lee"),
    ],
)
def test_what_happened_stands_first(message: object, heading: str) -> None:
    there = Slack()
    slack().send([message], NOW, there)  # type: ignore[list-item]
    assert there.messages[0]["blocks"][0]["text"]["text"] == heading


def test_a_company_reads_its_own_language() -> None:
    told = a_message(saying=Event.ENDED)
    german = replace(told, company=replace(told.company, language="de"))
    there = Slack()
    slack().send([german], NOW, there)
    header, section, actions = there.messages[0]["blocks"]
    assert header["text"]["text"] == "Ein Anruf ist zu Ende: Ann Lee"
    assert "*Wie lange gesprochen wurde*\n1:03" in [each["text"] for each in section["fields"]]
    assert "Mi. 18. Nov., 06:06" in str(section["fields"])
    assert actions["elements"][0]["text"]["text"] == "Anruf öffnen"
    assert notice_of(told, FACTS).heading == "A call ended: Ann Lee", "the next one's language is its own"


@pytest.mark.parametrize("kind", installed())
def test_what_settings_lack_is_said_in_the_reader_s_language(kind: str) -> None:
    def said(language: str) -> tuple[str, list[str]]:
        with speaking(language):
            try:
                destination_kind(kind).open({})
            except ValueError as error:
                return str(error), [field.help for field in destination_kind(kind).fields]
            return "", [field.help for field in destination_kind(kind).fields]

    (fault, hints), (german, german_hints) = said("en"), said("de")
    assert (german != fault) == bool(fault), fault
    assert [hint for hint, other in zip(hints, german_hints, strict=True) if hint == other] == []


def test_a_name_or_an_ad_s_word_writes_no_markup() -> None:
    bad = replace(CALL, name="<!channel> [x](http://e) *b*", origin=replace(ORIGIN, keyword="<!here|x> & [a](b)"))
    there = Slack()
    slack().send([a_message(bad, Event.ENDED)], NOW, there)
    sent = json.dumps([there.messages[0]["blocks"][1], there.messages[0]["text"]])
    assert "<!" not in sent
    assert "&lt;!here|x&gt; &amp;" in sent
    (request,) = teams().preview([a_message(bad, Event.ENDED)], NOW)
    card = json.loads(request.body)["attachments"][0]["content"]
    assert "\\[x\\](http://e) \\*b\\*" in card["body"][0]["text"]


@given(contacts, st.sets(st.sampled_from(FACTS)), st.sampled_from([*Event, *Saying]))
def test_nothing_is_told_that_was_not_chosen(contact: object, chosen: set[str], saying: Event | Saying) -> None:
    whole = replace(contact, call=CALL_FACTS, name="Ann Lee")  # type: ignore[type-var]
    notice = notice_of(a_message(whole, saying), tuple(chosen))  # type: ignore[arg-type]
    assert {name for name, _value in notice.rows} <= chosen
    assert bool(notice.link) == (LINK in chosen)
    assert "Ann" not in (notice.heading if NAME not in chosen else "")
    assert "0111" not in (notice.text if NUMBER not in chosen else "")


@pytest.mark.parametrize("kind", ["slack", "teams", "email"])
def test_spam_disturbs_nobody(kind: str) -> None:
    destination = destination_kind(kind).open({"url": URL, "addresses": "ann@example.com"})
    assert "marked as spam" in str(destination.objection(a_message(replace(CALL, is_spam=True)), NOW))
    assert destination.objection(ENDED, NOW) is None


@pytest.mark.parametrize(
    ("closed", "outcome", "words"),
    [
        ((404, "no_service"), Outcome.FAILED, "make a new one"),
        ((403, "invalid_token"), Outcome.FAILED, "does not know this webhook"),
        ((410, "channel_is_archived"), Outcome.REFUSED, "The channel is archived."),
        ((429, "rate_limited"), Outcome.FAILED, "HTTP 429"),
        ((500, "rollup_error"), Outcome.FAILED, "HTTP 500"),
        ((400, "invalid_blocks"), Outcome.REFUSED, "invalid_blocks"),
    ],
)
def test_what_slack_says_is_read(closed: tuple[int, str], outcome: Outcome, words: str) -> None:
    (result,) = slack().send([ENDED], NOW, Slack(closed))
    assert (result.outcome, words in result.words) == (outcome, True)
    assert result.retry_after_seconds == 30


def test_a_try_writes_a_line() -> None:
    there = Slack()
    assert slack().test(NOW, there).outcome is Outcome.TAKEN
    assert there.messages == [{"text": "Swapboard can write here."}]


def test_teams_gets_one_card_in_the_shape_that_workflows_read() -> None:
    there = Teams()
    (result,) = teams().send([ENDED], NOW, there)
    assert result.outcome is Outcome.TAKEN
    (card,) = there.cards
    heading, facts = card["body"]
    assert heading["text"] == "A call ended: Ann Lee"
    assert {"title": "How long they talked", "value": "1:03"} in facts["facts"]
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open the call", "url": ENDED.link}]
    (request,) = teams().preview([ENDED], NOW)
    assert "sig=secret" not in shown(request).url
    assert teams().test(NOW, there).outcome is Outcome.TAKEN


@given(contacts, st.sampled_from([*Event, *Saying]))
def test_teams_takes_whatever_is_told(contact: Contact, saying: Event | Saying) -> None:
    wordy = replace(contact, call=CALL_FACTS, name="\N{GRINNING FACE}" * 500, tags=("*[" * 25,) * 20)
    long = replace(wordy, origin=replace(wordy.origin, landing_page="https://example.com/" + "[_]" * 3_000))
    everything = teams(tells=", ".join(FACTS))
    (result,) = everything.send([a_message(long, saying)], NOW, Teams())
    assert result.outcome is Outcome.TAKEN


@pytest.mark.parametrize(
    ("closed", "outcome", "words"),
    [
        (Answer(404, {}, b"WorkflowNotFound"), Outcome.FAILED, "switched off or deleted"),
        (Answer(401, {}, b""), Outcome.FAILED, "switched off or deleted"),
        (Answer(429, {"retry-after": "30"}, b""), Outcome.FAILED, "HTTP 429"),
        (Answer(502, {}, b"NoResponse"), Outcome.FAILED, "NoResponse"),
        (Answer(400, {}, b"InvalidBotResponse"), Outcome.REFUSED, "InvalidBotResponse"),
    ],
)
def test_what_a_workflow_says_is_read(closed: Answer, outcome: Outcome, words: str) -> None:
    (result,) = teams().send([ENDED], NOW, Teams(closed))
    assert (result.outcome, words in result.words) == (outcome, True)
    assert result.retry_after_seconds == (30 if closed.status == 429 else None)


def test_teams_old_connectors_are_refused_with_the_way_on() -> None:
    for host in ("outlook.office.com", "contoso.webhook.office.com"):
        with pytest.raises(ValueError, match="retired addresses of this kind"):
            destination_kind("teams").open({"url": f"https://{host}/webhookb2/x"})


def test_an_e_mail_says_it_in_plain_text_and_in_html() -> None:
    destination = destination_kind("email").open({"addresses": "ann@example.com, bob@example.com"})
    (request,) = destination.preview([ENDED], NOW)
    assert request.url == "mailto:ann@example.com,bob@example.com"
    letter = json.loads(request.body)
    assert letter["id"] == ENDED.delivery_id, "the same for every try"
    assert letter["subject"] == "A call ended: Ann Lee"
    assert "Their number: +1 212-555-0111" in letter["plain"]
    assert f'href="{ENDED.link}"' in letter["html"]
    (result,) = destination.send([ENDED], NOW, lambda _request: Answer(422, {}, b"550 no such user"))
    assert (result.outcome, result.words) == (Outcome.REFUSED, "550 no such user")


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("slack", {"url": "hooks"}, "is like https://hooks.slack.com/services"),
        ("teams", {"url": "ftp://x"}, "begins with https://"),
        ("email", {"addresses": "ann"}, "is no e-mail address"),
        ("email", {"addresses": ","}, "at least one address"),
        ("slack", {"url": URL, "tells": "Their shoe size"}, "What it may say is any of"),
    ],
)
def test_settings_that_cannot_be(kind: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        destination_kind(kind).open(settings)


@pytest.mark.parametrize("destination", [slack(), teams()])
def test_a_call_that_was_told_of_late_is_not_coming_in_any_more(destination: Destination) -> None:
    ringing = a_message(replace(CALL, happened_at=NOW), Event.BEFORE_ANSWER)
    assert destination.objection(ringing, NOW + MINUTE) is None
    assert "rings no longer" in str(destination.objection(ringing, NOW + HOUR))
    assert destination.objection(replace(ringing, saying=Event.MISSED), NOW + HOUR) is None
