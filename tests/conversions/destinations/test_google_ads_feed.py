"""The files for Google Ads: read by its template's rules, each conversion once, as it stands now."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR, SECOND
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.feed import Feed, standing_of
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome
from tests.conversions.destinations.google_template import read_adjustments, read_conversions
from tests.conversions.people import CALL, FORM, NOW, ORIGIN, a_message, from_visit

SETTINGS = {"conversion_name": "Phone call"}
LATER = NOW + DAY
THEN = datetime.fromtimestamp(LATER / 1000, UTC)


def feed(**changes: str) -> Destination:
    return destination_kind("google_ads_feed").open(SETTINGS | changes)


def written(name: str, messages: list[Message], **changes: str) -> str:
    opened = feed(**changes)
    assert isinstance(opened, Feed)
    (file,) = (each for each in opened.files if each.name == name)
    return opened.write(file, standing_of(messages), LATER)


def conversions(messages: list[Message], **changes: str) -> list[dict[str, str]]:
    return read_conversions(written("conversions.csv", messages, **changes), THEN)


def adjustments(messages: list[Message]) -> list[dict[str, str]]:
    return read_adjustments(written("adjustments.csv", messages), THEN)


def test_the_first_lines_are_google_s_to_the_letter() -> None:
    assert written("conversions.csv", [a_message()]) == (
        "Parameters:TimeZone=+0000\n"
        "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID\n"
        f"Cj0example,Phone call,2026-11-18 11:06:40,123.00,USD,{'k' * 32}\n"
    )
    assert written("adjustments.csv", []) == (
        "Parameters:TimeZone=+0000\n"
        "Order ID,Conversion Name,Adjustment Time,Adjustment Type,Adjusted Value,Adjusted Value Currency\n"
    )


def test_a_braid_stands_in_its_own_column() -> None:
    (row,) = conversions([a_message(from_visit(wbraid="Cj8x"))])
    assert (row["WBRAID"], row["Google Click ID"]) == ("Cj8x", "")


def test_consent_and_people_are_told_only_where_asked_for() -> None:
    (row,) = conversions([a_message()], consent="granted", people="yes")
    assert (row["Ad User Data"], row["Ad Personalization"]) == ("Granted", "Granted")
    assert len(row["Phone Number"]) == len(row["Email"]) == 64
    nobody = from_visit()
    assert feed(people="yes").objection(a_message(nobody), NOW) is None
    (row,) = conversions([a_message(nobody)], people="yes")
    assert row["Google Click ID"] == ""


def test_a_value_that_nobody_said_is_left_to_google() -> None:
    (row,) = conversions([a_message(value_cents=None)])
    assert (row["Conversion Value"], row["Conversion Currency"]) == ("", "")


def a_story(conversion_id: str, contact: Contact, sayings: list[Saying]) -> list[Message]:
    told = [Saying.CONVERT, *sayings]
    return [
        replace(
            a_message(contact, saying, 1_000 * (place + 1)),
            conversion_id=conversion_id,
            said_at=NOW + place * SECOND,
        )
        for place, saying in enumerate(told)
    ]


changes = st.lists(st.just(Saying.RESTATE), max_size=3).flatmap(
    lambda restated: st.sampled_from([restated, [*restated, Saying.RETRACT]])
)


@given(st.lists(changes, max_size=5))
def test_each_conversion_stands_once_as_it_is_worth_now(stories: list[list[Saying]]) -> None:
    told = [
        a_story(f"{place:032}", replace(CALL, happened_at=NOW - place * HOUR), sayings)
        for place, sayings in enumerate(stories)
    ]
    messages = [message for story in told for message in story]
    kept = {story[0].conversion_id: story[-1] for story in told if story[-1].saying is not Saying.RETRACT}
    rows = conversions(messages)
    assert [row["Order ID"] for row in rows] == list(kept), "always in the same order"
    assert [row["Conversion Value"] for row in rows] == [f"{each.value_cents // 100}.00" for each in kept.values()]
    changed = {story[0].conversion_id: story[-1] for story in told if len(story) > 1}
    assert {row["Order ID"]: row["Adjustment Type"] for row in adjustments(messages)} == {
        order: "RETRACT" if last.saying is Saying.RETRACT else "RESTATE" for order, last in changed.items()
    }


def test_what_is_too_old_by_now_leaves_the_files() -> None:
    old = replace(CALL, happened_at=LATER - 90 * DAY - 1, origin=replace(ORIGIN, started_at=LATER - 90 * DAY))
    assert conversions([a_message(old)]) == []
    assert adjustments([a_message(old), a_message(old, Saying.RETRACT)]) == []


def test_a_change_of_what_never_stood_in_a_file_is_none() -> None:
    assert adjustments([a_message(saying=Saying.RESTATE)]) == []


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        (from_visit(), "no Google click"),
        (replace(FORM, origin=replace(ORIGIN, click_ids={})), "no Google click"),
        (from_visit(gclid="=cmd|' /C calc'!A0"), "none that Google makes"),
        (replace(CALL, origin=replace(ORIGIN, started_at=NOW - 91 * DAY)), "more than 90 days before"),
        (
            replace(CALL, happened_at=NOW - 91 * DAY, origin=replace(ORIGIN, started_at=NOW - 91 * DAY)),
            "90 days ago",
        ),
    ],
)
def test_what_google_could_not_use_is_not_taken(contact: Contact, words: str) -> None:
    assert words in str(feed().objection(a_message(contact), NOW))
    assert feed().objection(a_message(), NOW) is None


def test_a_click_rests_six_hours_before_it_is_told_of() -> None:
    assert feed().not_before(a_message()) == NOW - 60_000 + 6 * HOUR


def test_sending_is_writing_down_and_the_preview_is_the_files() -> None:
    def nobody(_request: object) -> None:
        raise AssertionError("nothing is sent")

    (result,) = feed().send([a_message()], NOW, nobody)  # type: ignore[arg-type]
    assert (result.outcome, result.words) == (Outcome.TAKEN, "It stands in the file that Google Ads fetches.")
    assert feed().test(NOW, nobody).outcome is Outcome.TAKEN  # type: ignore[arg-type]
    one, two = feed().preview([a_message(saying=Saying.RETRACT)], LATER)
    assert "Cj0example" not in one.body.decode()
    assert ",RETRACT,," in two.body.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"conversion_name": ""}, "Fill in Name of the conversion"),
        ({"conversion_name": "x" * 101}, "at most 100"),
        ({"conversion_name": "a\nb"}, "on one line"),
        ({"conversion_name": "=1+1"}, "formula"),
        ({"consent": "maybe"}, "is one of"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        feed(**wrong)
