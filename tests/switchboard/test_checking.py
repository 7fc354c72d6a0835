"""Once a day each carrier account is asked whether it still has our numbers; one that is gone is warned of."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.numbers.health import NEVER, Trouble, health
from swapboard.numbers.listing import NumberFilter, list_numbers
from swapboard.numbers.number_log import NumberEvent, at_carriers, events_of
from swapboard.settings import Settings
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import numbers
from swapboard.switchboard.checking import WHO, check, keep_checked, to_check
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.pointing import NotThere, point_here
from tests.building import NOW, Business, StillClock, open_business, pool_number, run, settings_of
from tests.twilio_stand_in import SID, TOKEN, Twilio

URL = "https://calls.example.com"


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, migrated_url, worker_apart=True)


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return Vault.open(settings.secret_file)


@pytest.fixture
def business(engine: Engine, vault: Vault, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    """Its three pool numbers are at Twilio, which has two of them."""
    kind = TwilioKind(twilio.url)
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: kind)
    sealed = vault.seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(engine) as connection:
        opened = open_business(connection, credentials=sealed, carrier_kind="twilio")
        ours = (numbers.c.company_id == opened.company_id, numbers.c.pool_id.is_not(None))
        connection.execute(update(numbers).where(*ours).values(carrier_id=opened.carrier_id))
    for place in range(2):
        has(twilio, opened, place)
    return opened


def has(twilio: Twilio, business: Business, place: int, **other: str) -> None:
    """The account has a pool number, which points to our doors unless something else is said."""
    door = {"voice_url": f"{URL}/carriers/{business.carrier_id}/voice"}
    sid = f"PN{place}"
    twilio.owned[sid] = {"sid": sid, "phone_number": pool_number(0, place), **door, **other}


def once(
    engine: Engine, business: Business, vault: Vault, now: int, how: NumberEvent = NumberEvent.LOST
) -> set[str]:
    """One check; the numbers that are lost, or astray, after it."""
    with reading(engine) as connection:
        asked = to_check(connection, business.company_id, now)
    found = check(asked, vault, URL)
    with writing(engine) as connection:
        keep_checked(connection, business.company_id, found, now)
        wrong = at_carriers(connection, business.company_id)
        listed = list_numbers(connection, business.company_id, NumberFilter(), 50).rows
    for each in listed:
        told = health(each, NEVER, [business.carrier_id], wrong, now, 30)
        assert (Trouble.GONE in told.troubles) == (wrong.get(each.number_id) is NumberEvent.LOST)
        assert (Trouble.ASTRAY in told.troubles) == (wrong.get(each.number_id) is NumberEvent.ASTRAY)
        assert (Trouble.OLD_ADDRESS in told.troubles) == (wrong.get(each.number_id) is NumberEvent.OLD_ADDRESS)
    return {each.number for each in listed if wrong.get(each.number_id) is how}


def test_a_number_that_is_gone_is_told_once_and_found_again(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    gone = pool_number(0, 2)
    assert once(engine, business, vault, NOW) == {gone}
    assert once(engine, business, vault, NOW + 1) == {gone}
    twilio.fail("GET", "500", "500", "500")
    assert once(engine, business, vault, NOW + 2) == {gone}, "who cannot be asked has neither lost nor found"
    has(twilio, business, 2)
    assert once(engine, business, vault, NOW + 3) == set()
    with reading(engine) as connection:
        log = events_of(connection, business.company_id)
    assert [(each.number, each.kind, each.actor) for each in log] == [
        (gone, NumberEvent.FOUND, WHO),
        (gone, NumberEvent.LOST, WHO),
    ]


def test_a_number_that_cannot_be_asked_for_keeps_no_other_unchecked(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    """As one from abroad among Bandwidth's, which are all of ten digits."""
    twilio.fail("GET", "400")
    assert once(engine, business, vault, NOW) == {pool_number(0, 2)}
    twilio.asked.clear()
    twilio.fail("GET", "401")
    once(engine, business, vault, NOW + 1)
    assert twilio.asked.total() == 1, "an account that may not ask is not asked for each of its numbers"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"voice_url": "https://old.example.com/voice"},
        {"voice_url": ""},
        {"voice_application_sid": "AP0123"},
        {"trunk_sid": "TK0123"},
    ],
)
def test_a_number_that_points_elsewhere_is_told_of(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio, elsewhere: dict[str, str]
) -> None:
    has(twilio, business, 2)
    assert once(engine, business, vault, NOW, NumberEvent.ASTRAY) == set()
    has(twilio, business, 1, **elsewhere)
    for later in (1, 2):
        assert once(engine, business, vault, NOW + later, NumberEvent.ASTRAY) == {pool_number(0, 1)}
    with reading(engine) as connection:
        [event] = events_of(connection, business.company_id)
    assert (event.kind, event.detail) == (NumberEvent.ASTRAY, {"points_at": next(iter(elsewhere.values()))})
    has(twilio, business, 1)
    assert once(engine, business, vault, NOW + 3, NumberEvent.ASTRAY) == set()


def test_a_number_that_points_at_the_servers_old_address_is_told_of(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    has(twilio, business, 2)
    has(twilio, business, 1, voice_url=f"https://old.example.com/carriers/{business.carrier_id}/voice")
    assert once(engine, business, vault, NOW, NumberEvent.OLD_ADDRESS) == {pool_number(0, 1)}
    has(twilio, business, 1)
    assert once(engine, business, vault, NOW + 1, NumberEvent.OLD_ADDRESS) == set()


def test_it_is_pointed_here_on_a_persons_order(
    engine: Engine, settings: Settings, business: Business, vault: Vault, twilio: Twilio
) -> None:
    has(twilio, business, 2)
    has(twilio, business, 1, voice_application_sid="AP0123")
    assert once(engine, business, vault, NOW, NumberEvent.ASTRAY) == {pool_number(0, 1)}
    with reading(engine) as connection:
        listed = list_numbers(connection, business.company_id, NumberFilter(number=pool_number(0, 1)), 50).rows

    async def point() -> None:
        clock = StillClock()
        clock.now = NOW + 1
        exchange = Exchange(settings, clock)
        await exchange.start()
        try:
            await point_here(exchange, business.company_id, listed[0], "owner@example.com")
            del twilio.owned["PN1"]
            with pytest.raises(NotThere, match="does not have"):
                await point_here(exchange, business.company_id, listed[0], "owner@example.com")
        finally:
            await exchange.stop()

    run(point())
    with reading(engine) as connection:
        assert at_carriers(connection, business.company_id) == {}
        event = events_of(connection, business.company_id)[0]
    assert (event.kind, event.actor) == (NumberEvent.POINTED, "owner@example.com")


def test_numbers_beyond_the_first_page_are_checked_too(
    engine: Engine, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(engine) as connection:
        (all_at_once,) = to_check(connection, business.company_id, NOW)
        monkeypatch.setattr("swapboard.switchboard.checking.AT_ONCE", 2)
        (page_by_page,) = to_check(connection, business.company_id, NOW)
    assert len(all_at_once.numbers) == 3
    assert page_by_page == all_at_once
