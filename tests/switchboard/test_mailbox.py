"""A destination that is an e-mail address: from a missed call to a letter in a mailbox, and what may go wrong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import HOUR, SECOND
from swapboard.conversions.conversion import Rule
from swapboard.conversions.event import Event
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.switchboard.ringing import Told, receive
from tests.building import NOW, Business, StillClock, open_business, pool_number, rows_of, settings_of
from tests.mail_stand_in import MailServer, mail_server
from tests.switchboard.test_delivering import deliver

CALLER = "+12125550111"


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path, mails: MailServer) -> Settings:
    sender = {"smtp_url": mails.url, "mail_from": "calls@example.com"}
    return replace(settings_of(tmp_path, migrated_url), **sender)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
        to = {"addresses": "front@example.com, boss@example.com"}
        rule = Rule(calls=False, forms=False, events=(Event.MISSED,))
        add_destination(
            connection,
            DestinationRecord("d" * 32, business.company_id, "email", "Us", to, "", rule, True, NOW),
        )
        own = Facts(dialled=pool_number(0, 0), caller=CALLER)
        events = (
            CallEvent("CA1", "", EventKind.ARRIVED, 0, NOW, own),
            CallEvent("CA1", "", EventKind.CALL_ENDED, 0, NOW + 20 * SECOND, own),
        )
        receive(connection, [Told(business.company_id, business.carrier_id, events, {}, NOW)])
    return business


def test_a_missed_call_is_written_of(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, mails: MailServer
) -> None:
    mails.refusals = ["451 later", "451 later"]
    clock.now = NOW + HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], "451 later" in delivery["words"]) == ("waiting", True)
    clock.now += HOUR
    deliver(settings, clock)
    (letter,) = mails.taken
    assert letter["subject"] == "Missed call: +1 212-555-0111"
    assert letter["to"] == "front@example.com, boss@example.com"
    assert delivery["delivery_id"] in letter["message-id"]
    plain, html = letter.iter_parts()
    assert "/calls/" in plain.get_content()
    assert "<h1" in html.get_content()
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], delivery["words"]) == ("sent", "The mail server took it.")


def test_what_the_mail_server_refuses_is_not_tried_again(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, mails: MailServer
) -> None:
    mails.refusals = ["550 no such user", "550 no such user"]
    clock.now = NOW + HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], "550 no such user" in delivery["words"]) == ("failed", True)
    assert mails.taken == []


def test_one_address_that_is_refused_is_named_and_the_others_get_it_once(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, mails: MailServer
) -> None:
    mails.refusals = ["250 ok", "451 later"]
    clock.now = NOW + HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    refused = "boss@example.com (451 later)"
    assert (delivery["state"], delivery["words"]) == ("sent", f"The mail server took it, but not for {refused}.")
    assert len(mails.taken) == 1


def test_where_only_one_is_refused_for_good_it_is_tried_again(
    engine: Engine, business: Business, settings: Settings, clock: StillClock, mails: MailServer
) -> None:
    mails.refusals = ["550 no such user", "451 later"]
    clock.now = NOW + HOUR
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert (delivery["state"], "451 later" in delivery["words"]) == ("waiting", True)


def test_without_a_mail_server_it_waits_and_says_what_is_missing(
    engine: Engine, business: Business, settings: Settings, clock: StillClock
) -> None:
    clock.now = NOW + HOUR
    deliver(replace(settings, smtp_url=""), clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert delivery["state"] == "waiting"
    assert "SWAPBOARD_SMTP_URL" in delivery["words"]
