"""Keywords that Google Ads tells stand in the visit and in its calls; what the address said stays."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import stamina
from sqlalchemy import Engine, event

from swapboard.accounts.secrets import Vault
from swapboard.clock import DAY, HOUR, Millis, from_iso
from swapboard.keywords.store import accounts_of, keep_account, remove_account
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.claiming import Claim, Due, claim, note_done
from swapboard.switchboard.click_keywords import CHORE, ask, questions, write_down
from swapboard.switchboard.visiting import admit
from tests.building import Business, a_visit, open_business, rows_of
from tests.keywords.stand_in import CREDENTIALS, StandIn, google

NOW: Millis = from_iso("2026-11-24T12:00:00Z")
PAGE = "https://www.example.com/"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with google(StandIn()) as serving, stamina.set_testing(True, attempts=2):
        yield serving


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "secret.key")


@pytest.fixture
def business(engine: Engine, vault: Vault) -> Business:
    with writing(engine) as connection:
        made = open_business(connection)
        keep_account(connection, made.company_id, "1234567890", vault.seal(CREDENTIALS), NOW)
    return made


def visit(engine: Engine, business: Business, query: str, now: Millis = NOW - DAY) -> str:
    with writing(engine) as connection:
        (admitted,) = admit(connection, [a_visit(business, url=f"{PAGE}?{query}", now=now)])
    return admitted.session_id


def learn(engine: Engine, business: Business, vault: Vault, stand_in: StandIn, now: Millis = NOW) -> int:
    with reading(engine) as connection:
        asked = questions(connection, business.company_id, now)
    told = ask(asked, vault, stand_in.opened)
    with writing(engine) as connection:
        return write_down(connection, business.company_id, told, now)


def known(engine: Engine, session_id: str) -> tuple[str | None, str | None]:
    (row,) = rows_of(engine, "sessions", session_id=session_id)
    return row["term"], row["campaign"]


def test_a_click_learns_its_keyword(engine: Engine, business: Business, vault: Vault, stand_in: StandIn) -> None:
    session_id = visit(engine, business, "gclid=Cj0KCQ-two")
    assert learn(engine, business, vault, stand_in) == 1
    assert known(engine, session_id) == ("blocked drain", "Emergency")


def test_what_the_address_said_stays(engine: Engine, business: Business, vault: Vault, stand_in: StandIn) -> None:
    said = visit(engine, business, "gclid=Cj0KCQ-one&utm_source=google&utm_campaign=Mine&utm_term=my+word")
    half = visit(engine, business, "gclid=Cj0KCQ-one&utm_source=google&utm_campaign=Mine")
    learn(engine, business, vault, stand_in)
    assert known(engine, said) == ("my word", "Mine")
    assert known(engine, half) == ("emergency plumber", "Mine")


def test_the_company_is_held_before_its_visits_as_by_whoever_admits_them(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    visit(engine, business, "gclid=Cj0KCQ-two")
    made: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        made.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    assert learn(engine, business, vault, stand_in) == 1
    (first_visit, *_) = (place for place, each in enumerate(made) if each.startswith("UPDATE sessions"))
    (held, *_) = (place for place, each in enumerate(made) if each.startswith("SELECT companies.config_version"))
    assert held < first_visit


def test_a_click_without_keyword_keeps_none(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    shopping = visit(engine, business, "gclid=Cj0KCQ-shopping")
    unknown = visit(engine, business, "gclid=Cj0KCQ-nobody-knows")
    assert learn(engine, business, vault, stand_in) == 0
    assert known(engine, shopping) == (None, "Everything")
    assert known(engine, unknown) == (None, None)


def test_only_the_last_days_are_asked_again(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    visit(engine, business, "gclid=Cj0KCQ-nobody-knows")
    learn(engine, business, vault, stand_in)
    assert len(stand_in.days) == 90
    stand_in.days.clear()
    learn(engine, business, vault, stand_in, NOW + 1)
    assert len(stand_in.days) == 3


def test_where_every_keyword_is_known_nobody_is_asked(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    visit(engine, business, "utm_url=news&utm_medium=email")
    learn(engine, business, vault, stand_in)
    assert stand_in.days == []


def test_trouble_is_kept_in_google_s_words_and_forgotten_when_it_is_over(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    visit(engine, business, "gclid=Cj0KCQ-one")
    stand_in.faults = [(403, {"error": {"code": 403, "message": "The caller does not have permission."}})]
    assert learn(engine, business, vault, stand_in) == 0
    with reading(engine) as connection:
        (account,) = accounts_of(connection, business.company_id)
    assert "The caller does not have permission." in (account.trouble or "")
    assert account.asked_at is None
    assert learn(engine, business, vault, stand_in) == 1
    with reading(engine) as connection:
        (account,) = accounts_of(connection, business.company_id)
    assert (account.trouble, account.asked_at) == (None, NOW)


@pytest.mark.parametrize(("status", "waits"), [(503, HOUR // 2), (403, DAY)])
def test_an_account_that_did_not_answer_is_asked_again_soon_and_one_that_refuses_the_next_day(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn, status: int, waits: Millis
) -> None:
    visit(engine, business, "gclid=Cj0KCQ-one")
    with writing(engine) as connection:
        claim(connection, [Claim(NOW, ((CHORE, DAY),))])
    stand_in.faults = [(status, {"error": {"code": status, "message": "Not now."}})] * 2
    learn(engine, business, vault, stand_in)
    with writing(engine) as connection:
        note_done(connection, Due(business.company_id, CHORE), NOW, DAY)
    (chore,) = rows_of(engine, "chores")
    assert chore["due_at"] == NOW + waits


def test_an_account_whose_day_has_begun_before_ours_is_not_asked_too_far_back(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    visit(engine, business, "gclid=Cj0KCQ-one")
    stand_in.today += timedelta(days=1)
    assert learn(engine, business, vault, stand_in) == 1
    with reading(engine) as connection:
        (account,) = accounts_of(connection, business.company_id)
    assert account.trouble is None


def test_what_was_told_before_a_day_was_refused_is_kept(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    session_id = visit(engine, business, "gclid=Cj0KCQ-one")
    stand_in.today += timedelta(days=30)
    assert learn(engine, business, vault, stand_in) == 1
    assert known(engine, session_id)[0] is not None
    with reading(engine) as connection:
        (account,) = accounts_of(connection, business.company_id)
    assert "more than 90 days ago" in (account.trouble or "")


def test_credentials_of_another_key_are_trouble_too(
    engine: Engine, business: Business, tmp_path: Path, stand_in: StandIn
) -> None:
    visit(engine, business, "gclid=Cj0KCQ-one")
    other = Vault.open(tmp_path / "other.key")
    learn(engine, business, other, stand_in)
    with reading(engine) as connection:
        (account,) = accounts_of(connection, business.company_id)
    assert "secret.key" in (account.trouble or "")


def test_another_company_s_visits_are_not_asked_for(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    with writing(engine) as connection:
        other = open_business(connection)
    theirs = visit(engine, other, "gclid=Cj0KCQ-one")
    learn(engine, business, vault, stand_in)
    assert known(engine, theirs) == (None, None)


def test_a_forgotten_account_is_not_asked(
    engine: Engine, business: Business, vault: Vault, stand_in: StandIn
) -> None:
    visit(engine, business, "gclid=Cj0KCQ-one")
    with writing(engine) as connection:
        assert remove_account(connection, business.company_id, "1234567890")
        assert not remove_account(connection, business.company_id, "1234567890")
    learn(engine, business, vault, stand_in)
    assert stand_in.days == []
