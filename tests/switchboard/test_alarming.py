"""Owners are written to when a destination is not told: once, until it works again; with what helps."""

import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user
from swapboard.clock import DAY, HOUR
from swapboard.conversions.alarm import OTHERWISE, what_to_do
from swapboard.conversions.conversion import Rule
from swapboard.conversions.outbox import ALARM_AFTER, Circuit, needs_people
from swapboard.conversions.sending_again import replay
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.storage.schema import destinations
from tests.building import NOW, Business, StillClock, rows_of
from tests.switchboard.test_delivering import (
    SECRET,
    Receiver,
    business,
    clock,
    deliver,
    receiver,
    ring,
    settings,
    tell_it,
)

__all__ = ["business", "clock", "receiver", "ring", "settings"]


@pytest.fixture
def owner(engine: Engine, business: Business) -> str:
    with writing(engine) as connection:
        for role in (Role.OWNER, Role.ANALYST):
            user = User(role[:3] * 8, business.company_id, f"{role}@example.com", "Ann", role, NOW)
            add_user(connection, user, "x")
    return "owner@example.com"


def test_what_is_refused_is_told_once_until_it_works_again(
    engine: Engine,
    business: Business,
    owner: str,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: object,
) -> None:
    assert callable(ring)
    tell_it(engine, business, receiver.url, Rule(answered=False))
    receiver.answers = [410, 410]
    for place in range(2):
        ring(place)
        clock.now += HOUR
        deliver(settings, clock)
    (letter,) = rows_of(engine, "emails")
    assert (letter["recipient"], letter["subject"]) == (owner, "Ours is not told of your calls")
    assert "HTTP 410" in letter["plain"]
    assert "It says that it wants no more." in letter["plain"]
    assert f"/destinations/{rows_of(engine, 'destinations')[0]['destination_id']}" in letter["html"]
    ring(2)
    clock.now += HOUR
    deliver(settings, clock)
    (destination,) = rows_of(engine, "destinations")
    assert destination["alerted_at"] is None, "it works again"
    receiver.answers = [410]
    ring(3)
    clock.now += HOUR
    deliver(settings, clock)
    assert len(rows_of(engine, "emails")) == 2


def test_what_is_sent_again_after_days_has_three_days_again(
    engine: Engine,
    business: Business,
    settings: Settings,
    clock: StillClock,
    receiver: Receiver,
    ring: object,
) -> None:
    assert callable(ring)
    tell_it(engine, business, receiver.url)
    receiver.answers = [410, 503]
    ring()
    clock.now += HOUR
    deliver(settings, clock)
    clock.now += 9 * DAY
    with writing(engine) as connection:
        span = NOW, clock.now
        assert replay(connection, business.company_id, "d" * 32, span, clock.now) == 1
        connection.execute(
            update(destinations)
            .where(destinations.c.company_id == business.company_id)
            .values(settings={"url": receiver.url, "secret": SECRET})
        )
    deliver(settings, clock)
    (delivery,) = rows_of(engine, "deliveries")
    assert delivery["state"] == "waiting", "one bad answer does not end it"
    clock.now += HOUR
    deliver(settings, clock)
    assert len(receiver.heard) == 1


def test_a_short_trouble_needs_nobody() -> None:
    assert not needs_people(Circuit(failures=ALARM_AFTER - 1), dead=0)
    assert needs_people(Circuit(failures=ALARM_AFTER), dead=0)
    assert needs_people(Circuit(), dead=1)


@pytest.mark.parametrize(
    ("trouble", "advice"),
    [
        ("HTTP 401: invalid authentication", "Its access has run out"),
        ("HTTP 410", "wants no more"),
        ("HTTP 404", "does not know the address"),
        ("No answer: Connection refused.", "It does not answer"),
        ("HTTP 429", "takes no more for now"),
        ("Rate limit reached for this access token", "takes no more for now"),
        ("Could not generate a separate report 14011", OTHERWISE),
        ("HTTP 400: bad", OTHERWISE),
    ],
)
def test_what_helps_follows_from_its_words(trouble: str, advice: str) -> None:
    assert advice in what_to_do(trouble)
