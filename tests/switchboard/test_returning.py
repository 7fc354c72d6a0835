"""A released number goes back to its carrier once it has rested: ended once, or not at all."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.carriers.installed import BrokenCarrier
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.clock import DAY, HOUR, Millis
from swapboard.numbers.acting import Order, act
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers
from swapboard.numbers.lifecycle import Action
from swapboard.numbers.number_log import NumberEvent, events_of
from swapboard.numbers.returns import Return, ReturnState, end_now, keep, keep_those, open_returns, return_of
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import carriers, numbers
from swapboard.switchboard.returning import NO_ACCOUNT, give_back, keep_returned, to_return
from tests.building import NOW, Business, open_business, pool_number, rows_of
from tests.twilio_stand_in import SID, TOKEN, Twilio

URL = "https://calls.example.com"
WHO = "owner@example.com"
RESTED = NOW + 30 * DAY
NUMBER = pool_number(0, 0)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "secret.key")


@pytest.fixture
def business(engine: Engine, vault: Vault, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Business:
    """Its pool numbers are at Twilio and point here."""
    kind = TwilioKind(twilio.url)
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: kind)
    sealed = vault.seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(engine) as connection:
        opened = open_business(connection, credentials=sealed, carrier_kind="twilio")
        ours = (numbers.c.company_id == opened.company_id, numbers.c.pool_id.is_not(None))
        connection.execute(update(numbers).where(*ours).values(carrier_id=opened.carrier_id))
    for place in range(3):
        sid = f"PN{place}"
        door = f"{URL}/carriers/{opened.carrier_id}/voice"
        twilio.owned[sid] = {"sid": sid, "phone_number": pool_number(0, place), "voice_url": door}
    return opened


def id_of(engine: Engine, number: str = NUMBER) -> str:
    return str(rows_of(engine, "numbers", number=number)[0]["number_id"])


def do(engine: Engine, business: Business, action: Action, now: Millis = NOW, number: str = NUMBER) -> None:
    with writing(engine) as connection:
        act(connection, business.company_id, Order(action, [id_of(engine, number)], WHO), now)


def look(engine: Engine, business: Business, vault: Vault, now: Millis) -> None:
    with reading(engine) as connection:
        due = to_return(connection, business.company_id, now)
    answered = give_back(due, vault, URL)
    with writing(engine) as connection:
        keep_returned(connection, business.company_id, answered, now)


def standing(engine: Engine, business: Business, number_id: str) -> Return:
    with reading(engine) as connection:
        found = return_of(connection, business.company_id, number_id)
    assert found is not None
    return found


def at_twilio(twilio: Twilio) -> set[str]:
    return {each["phone_number"] for each in twilio.owned.values()}


def ends(twilio: Twilio) -> int:
    return sum(count for asked, count in twilio.asked.items() if asked.startswith("DELETE"))


def test_after_its_quarantine_it_is_ended_once_and_that_is_written_down(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    number_id = id_of(engine)
    do(engine, business, Action.QUARANTINE)
    look(engine, business, vault, RESTED + DAY)
    assert NUMBER in at_twilio(twilio), "only a released number goes"
    do(engine, business, Action.RELEASE, RESTED + DAY)
    for later in range(1, 4):
        look(engine, business, vault, RESTED + DAY + later)
    assert NUMBER not in at_twilio(twilio)
    assert len(twilio.owned) == 2
    assert ends(twilio) == 1
    assert standing(engine, business, number_id).state is ReturnState.ENDED
    with reading(engine) as connection:
        event = events_of(connection, business.company_id, number_id)[0]
        assert open_returns(connection, business.company_id) == []
    assert (event.kind, event.actor) == (NumberEvent.ENDED, WHO)


@pytest.mark.parametrize("quarantined_days_ago", [None, 12])
def test_released_too_soon_it_rests_first(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio, quarantined_days_ago: int | None
) -> None:
    if quarantined_days_ago is not None:
        do(engine, business, Action.QUARANTINE, NOW - quarantined_days_ago * DAY)
    do(engine, business, Action.RELEASE)
    due_at = RESTED - (quarantined_days_ago or 0) * DAY
    look(engine, business, vault, due_at - 1)
    assert NUMBER in at_twilio(twilio)
    look(engine, business, vault, due_at)
    assert NUMBER not in at_twilio(twilio)


def test_a_person_may_end_it_at_once_or_keep_it(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    other = pool_number(0, 1)
    for number in (NUMBER, other):
        do(engine, business, Action.RELEASE, number=number)
    ids = id_of(engine), id_of(engine, other)
    with writing(engine) as connection:
        assert end_now(connection, business.company_id, ids[0], "someone@example.com", NOW)
        assert keep(connection, business.company_id, ids[1], NOW)
    look(engine, business, vault, NOW)
    assert at_twilio(twilio) == {other, pool_number(0, 2)}
    look(engine, business, vault, RESTED)
    assert other in at_twilio(twilio)
    assert standing(engine, business, ids[0]).actor == "someone@example.com"
    with writing(engine) as connection:
        assert not end_now(connection, business.company_id, ids[0], WHO, NOW)
        assert not end_now(connection, business.company_id, ids[1], WHO, NOW)
        assert not keep(connection, business.company_id, ids[0], NOW)


def test_while_the_carrier_does_not_answer_it_is_asked_again_ever_more_rarely(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    number_id = id_of(engine)
    do(engine, business, Action.RELEASE)
    now, waits = RESTED, []
    for _ in range(5):
        twilio.fail("DELETE", "500")
        look(engine, business, vault, now)
        found = standing(engine, business, number_id)
        assert found.state is ReturnState.WAITING
        assert found.problem is not None
        assert "HTTP 500" in found.problem
        waits.append(found.due_at - now)
        look(engine, business, vault, found.due_at - 1)
        now = found.due_at
    assert ends(twilio) == 5, "not before it is due"
    assert HOUR < waits[-1] <= 3 * HOUR
    look(engine, business, vault, now)
    assert standing(engine, business, number_id).state is ReturnState.ENDED
    assert NUMBER not in at_twilio(twilio)


def test_while_its_carriers_package_is_broken_it_waits(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    number_id = id_of(engine)
    do(engine, business, Action.RELEASE)

    def broken(kind: str) -> object:
        raise BrokenCarrier(kind, "ImportError()")

    with monkeypatch.context() as patched:
        patched.setattr("swapboard.carriers.opening.carrier_kind", broken)
        look(engine, business, vault, RESTED)
    found = standing(engine, business, number_id)
    assert (found.state, found.problem) == (ReturnState.WAITING, str(BrokenCarrier("twilio", "ImportError()")))
    look(engine, business, vault, found.due_at)
    assert standing(engine, business, number_id).state is ReturnState.ENDED


def test_an_end_whose_answer_was_lost_is_not_asked_for_again(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    number_id = id_of(engine)
    do(engine, business, Action.RELEASE)
    twilio.fail("DELETE", "after-drop")
    look(engine, business, vault, RESTED)
    assert NUMBER not in at_twilio(twilio)
    found = standing(engine, business, number_id)
    assert found.state is ReturnState.WAITING
    look(engine, business, vault, found.due_at)
    assert standing(engine, business, number_id).state is ReturnState.ENDED
    assert ends(twilio) == 1


def test_killed_before_the_answer_was_kept_it_is_found_gone(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    do(engine, business, Action.RELEASE)
    with reading(engine) as connection:
        give_back(to_return(connection, business.company_id, RESTED), vault, URL)
    look(engine, business, vault, RESTED)
    assert ends(twilio) == 1
    assert standing(engine, business, id_of(engine)).state is ReturnState.ENDED


def test_a_refusal_is_shown_in_the_carriers_words_and_waits_for_a_person(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    number_id = id_of(engine)
    do(engine, business, Action.RELEASE)
    twilio.fail("DELETE", "400")
    for later in range(3):
        look(engine, business, vault, RESTED + later * DAY)
    found = standing(engine, business, number_id)
    assert found.state is ReturnState.REFUSED
    assert found.problem is not None
    assert found.problem.startswith("Twilio: ")
    assert "Try again" in found.problem
    assert ends(twilio) == 1
    with reading(engine) as connection:
        event = events_of(connection, business.company_id, number_id)[0]
    assert (event.kind, event.detail) == (NumberEvent.NOT_ENDED, {"problem": found.problem})
    with writing(engine) as connection:
        assert end_now(connection, business.company_id, number_id, WHO, RESTED + 3 * DAY)
    look(engine, business, vault, RESTED + 3 * DAY)
    assert NUMBER not in at_twilio(twilio)


def test_one_that_points_elsewhere_is_not_ended_without_a_further_word(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    twilio.owned["PN0"]["voice_url"] = "https://other.example.com/voice"
    do(engine, business, Action.RELEASE)
    look(engine, business, vault, RESTED)
    found = standing(engine, business, id_of(engine))
    assert found.state is ReturnState.REFUSED
    assert "https://other.example.com/voice" in (found.problem or "")
    assert NUMBER in at_twilio(twilio)
    with writing(engine) as connection:
        end_now(connection, business.company_id, found.number_id, WHO, RESTED)
    look(engine, business, vault, RESTED)
    assert NUMBER not in at_twilio(twilio)


def test_one_that_is_ours_again_stays(engine: Engine, business: Business, vault: Vault, twilio: Twilio) -> None:
    number_id = id_of(engine)
    do(engine, business, Action.RELEASE)
    with reading(engine) as connection:
        due = to_return(connection, business.company_id, RESTED)
    with writing(engine) as connection:
        new = NewNumber(
            new_id(NOW),
            NUMBER,
            NumberKind.POOL,
            NOW,
            pool_id=business.pools[0].pool_id,
            carrier_id=business.carrier_id,
        )
        add_numbers(connection, business.company_id, [new])
    assert len(due) == 1
    look(engine, business, vault, RESTED)
    assert NUMBER in at_twilio(twilio)
    assert standing(engine, business, number_id).state is ReturnState.KEPT


def test_without_its_account_a_person_has_to_end_it(
    engine: Engine, business: Business, vault: Vault, twilio: Twilio
) -> None:
    do(engine, business, Action.RELEASE)
    with writing(engine) as connection:
        connection.execute(carriers.delete().where(carriers.c.company_id == business.company_id))
    look(engine, business, vault, RESTED)
    found = standing(engine, business, id_of(engine))
    assert (found.state, found.problem) == (ReturnState.REFUSED, NO_ACCOUNT)


def test_a_number_at_no_account_is_only_released_here(engine: Engine, business: Business, vault: Vault) -> None:
    with writing(engine) as connection:
        ours = (numbers.c.company_id == business.company_id, numbers.c.number == NUMBER)
        connection.execute(update(numbers).where(*ours).values(carrier_id=None))
    do(engine, business, Action.RELEASE)
    assert rows_of(engine, "number_returns") == []


def test_of_very_many_numbers_that_are_ours_again_the_one_that_waited_is_kept(
    engine: Engine, business: Business
) -> None:
    """More than a statement of PostgreSQL's takes."""
    do(engine, business, Action.QUARANTINE)
    do(engine, business, Action.RELEASE)
    number_id = id_of(engine)
    with writing(engine) as connection:
        keep_those(connection, business.company_id, (f"+1555{place:07}" for place in range(70_000)), NOW)
    assert standing(engine, business, number_id).state is ReturnState.WAITING
    with writing(engine) as connection:
        keep_those(connection, business.company_id, [NUMBER], NOW)
    assert standing(engine, business, number_id).state is ReturnState.KEPT
