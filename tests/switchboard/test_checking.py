"""Once a day each carrier account is asked whether it still has our numbers; one that is gone is warned of."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.numbers.health import NEVER, Trouble, health
from swapboard.numbers.listing import NumberFilter, list_numbers
from swapboard.numbers.number_log import NumberEvent, events_of, lost_numbers
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import numbers
from swapboard.switchboard.checking import WHO, check, keep_checked, to_check
from tests.building import NOW, Business, open_business, pool_number
from tests.twilio_stand_in import SID, TOKEN, Twilio


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "secret.key")


@pytest.fixture
def business(engine: Engine, vault: Vault, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    """Its three pool numbers are at Twilio, which has two of them."""
    kind = TwilioKind(twilio.url)
    monkeypatch.setattr("swapboard.switchboard.checking.carrier_kind", lambda _kind: kind)
    sealed = vault.seal({"account_sid": SID, "auth_token": TOKEN})
    for place in range(2):
        twilio.owned[f"PN{place}"] = {"sid": f"PN{place}", "phone_number": pool_number(0, place)}
    with writing(engine) as connection:
        opened = open_business(connection, credentials=sealed, carrier_kind="twilio")
        ours = (numbers.c.company_id == opened.company_id, numbers.c.pool_id.is_not(None))
        connection.execute(update(numbers).where(*ours).values(carrier_id=opened.carrier_id))
    return opened


def once(engine: Engine, business: Business, vault: Vault, now: int) -> set[str]:
    """One check; the numbers that are lost after it."""
    with reading(engine) as connection:
        asked = to_check(connection, business.company_id, now)
    found = check(asked, vault)
    with writing(engine) as connection:
        keep_checked(connection, business.company_id, found, now)
        lost = lost_numbers(connection, business.company_id)
        listed = list_numbers(connection, business.company_id, NumberFilter(), 50).rows
    for each in listed:
        told = health(each, NEVER, [business.carrier_id], lost, now)
        assert (Trouble.GONE in told.troubles) == (each.number_id in lost)
    return {each.number for each in listed if each.number_id in lost}


def test_a_number_that_is_gone_is_told_once_and_found_again(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    gone = pool_number(0, 2)
    assert once(engine, business, vault, NOW) == {gone}
    assert once(engine, business, vault, NOW + 1) == {gone}
    twilio.fail("GET", "500", "500", "500")
    assert once(engine, business, vault, NOW + 2) == {gone}, "who cannot be asked has neither lost nor found"
    twilio.owned["PN2"] = {"sid": "PN2", "phone_number": gone}
    assert once(engine, business, vault, NOW + 3) == set()
    with reading(engine) as connection:
        log = events_of(connection, business.company_id)
    assert [(each.number, each.kind, each.actor) for each in log] == [
        (gone, NumberEvent.FOUND, WHO),
        (gone, NumberEvent.LOST, WHO),
    ]
