"""Refresh tokens that change with each use are never lost and never used twice, however many ask at once."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pydantic_core import to_json
from sqlalchemy import Connection, Engine, event

from swapboard.access.grant import Grant
from swapboard.access.store import add_grant, change_grant, grant_by_id
from swapboard.accounts.secrets import Vault
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.oauth import OAuthClient, Refused
from swapboard.conversions.destinations.request import Answer, Request, Unreached
from swapboard.conversions.store import DestinationRecord, add_destination, destination_by_id
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.platform_sign_in import Looked, keep_looked
from swapboard.switchboard.renewing import LENT_FOR, Keeper, Renewing, keeper_of
from tests.access.sign_in import App, Refusal, SignInDoors
from tests.building import NOW, StillClock, open_business

GRANT, SIGNED_IN, PASTED = "a" * 32, "b" * 32, "c" * 32
CLIENT = OAuthClient("https://login.example/token", "our-app", "app secret", "first.token")


@dataclass
class Salesforce:
    """Rotates: each use of a token gives another one, and the old one is worth nothing."""

    doors: SignInDoors = field(
        default_factory=lambda: SignInDoors(
            App("our-app", "app secret", (), frozenset(("api",))), time.monotonic, rotates=True
        )
    )
    guard: threading.Lock = field(default_factory=threading.Lock)
    is_silent: bool = False

    def __post_init__(self) -> None:
        self.doors.refresh_tokens["first.token"] = ("api",)

    def __call__(self, request: Request) -> Answer:
        if self.is_silent:
            raise Unreached("No answer.")
        with self.guard:
            try:
                headers = {name.lower(): value for name, value in request.headers.items()}
                told: Mapping[str, object] = self.doors.token(headers, request.body.decode())
            except Refusal as refusal:
                return Answer(refusal.status, {}, to_json(refusal.document))
        # Whoever else asks meanwhile would use the old one.
        time.sleep(0.005)
        return Answer(200, {}, to_json(told))


@dataclass
class House:
    """A company with a sign-in that one destination uses, and a token that was pasted into another."""

    engine: Engine
    vault: Vault
    company_id: str
    clock: StillClock = field(default_factory=StillClock)

    def lender(self, platform: Salesforce, destination_id: str) -> Renewing:
        record = self.record(destination_id)
        return Renewing(keeper_of(record), self.vault, platform, self.engine, self.clock)

    def record(self, destination_id: str) -> DestinationRecord:
        with reading(self.engine) as connection:
            record = destination_by_id(connection, self.company_id, destination_id)
        assert record
        return record

    def kept(self, destination_id: str) -> str:
        return self.vault.unseal(self.record(destination_id).credentials)["refresh_token"]


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    vault = Vault.open(tmp_path / "secret.key")
    sealed = vault.seal({"client_secret": "app secret", "refresh_token": "first.token"})
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        add_grant(
            connection, Grant(GRANT, company_id, "salesforce", "Ours", "our-app", sealed, (), {}, NOW, (), {}, NOW)
        )
        for destination_id, grant_id in ((SIGNED_IN, GRANT), (PASTED, None)):
            record = DestinationRecord(
                destination_id, company_id, "salesforce", "Ours", {}, sealed, Rule(), True, NOW, grant_id=grant_id
            )
            add_destination(connection, record)
    return House(engine, vault, company_id)


@pytest.mark.parametrize("destination_id", [SIGNED_IN, PASTED])
def test_many_at_once_lose_no_token_and_use_none_twice(house: House, destination_id: str) -> None:
    platform = Salesforce()
    with ThreadPoolExecutor(6) as threads:
        asked = [
            threads.submit(CLIENT.access_token, house.lender(platform, destination_id)) for _place in range(12)
        ]
        tokens = [each.result() for each in asked]
    assert len(set(tokens)) == 12
    (left,) = platform.doors.refresh_tokens
    assert house.kept(destination_id) == left
    with reading(house.engine) as connection:
        grant = grant_by_id(connection, house.company_id, GRANT)
    assert grant
    kept = house.vault.unseal(grant.credentials)["refresh_token"]
    assert kept == (left if destination_id == SIGNED_IN else "first.token")


def test_without_the_loan_access_would_be_lost() -> None:
    """The stand-in is as strict as the platform."""
    platform = Salesforce()
    CLIENT.access_token(platform)
    with pytest.raises(Refused):
        CLIENT.access_token(platform)


def test_a_failure_gives_the_token_back_and_keeps_it(house: House) -> None:
    platform = Salesforce(is_silent=True)
    with pytest.raises(Unreached):
        CLIENT.access_token(house.lender(platform, PASTED))
    platform.is_silent = False
    assert CLIENT.access_token(house.lender(platform, PASTED))
    assert house.kept(PASTED) in platform.doors.refresh_tokens


def test_whoever_was_killed_with_the_token_holds_it_a_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.lender(Salesforce(), PASTED).borrow("")
    house.clock.now += LENT_FOR - 1
    monkeypatch.setattr("swapboard.switchboard.renewing.WAITS_SECONDS", 0.05)
    with pytest.raises(Refused):
        house.lender(Salesforce(), PASTED).borrow("")
    house.clock.now += 1
    assert house.lender(Salesforce(), PASTED).borrow("") == "first.token"


def test_whoever_signed_in_anew_meanwhile_is_left_alone(house: House) -> None:
    lender = Renewing(Keeper(house.company_id, GRANT, ""), house.vault, Salesforce(), house.engine, house.clock)
    lender.borrow("")
    with writing(house.engine) as connection:
        grant = grant_by_id(connection, house.company_id, GRANT)
        assert grant
        anew = house.vault.seal({"client_secret": "app secret", "refresh_token": "anew"})
        change_grant(connection, replace(grant, credentials=anew))
    lender.give_back("second.token")
    with reading(house.engine) as connection:
        grant = grant_by_id(connection, house.company_id, GRANT)
    assert grant
    assert house.vault.unseal(grant.credentials)["refresh_token"] == "anew"


def test_how_a_sign_in_stands_is_noted_without_its_token(house: House) -> None:
    """On PostgreSQL another process may give a token back between any two statements."""
    anew = house.vault.seal({"client_secret": "app secret", "refresh_token": "second.token"})

    def rotate(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("UPDATE access_grants") and (grant := before.pop("grant", None)):
            change_grant(connection, replace(grant, credentials=anew))

    with writing(house.engine) as connection:
        grant = grant_by_id(connection, house.company_id, GRANT)
        assert grant
        before = {"grant": grant}
        event.listen(house.engine, "before_cursor_execute", rotate)
        try:
            keep_looked(connection, house.company_id, [Looked(grant, "It was taken back.")], NOW + 1)
        finally:
            event.remove(house.engine, "before_cursor_execute", rotate)
        noted = grant_by_id(connection, house.company_id, GRANT)
    assert not before
    assert noted == replace(grant, credentials=anew, checked_at=NOW + 1, trouble="It was taken back.")


def test_an_answer_that_comes_after_its_minute_is_kept_while_another_waits(house: House) -> None:
    late, other = house.lender(Salesforce(), PASTED), house.lender(Salesforce(), PASTED)
    late.borrow("")
    house.clock.now += LENT_FOR
    other.borrow("")
    late.give_back("second.token")
    assert house.kept(PASTED) == "second.token"
    other.give_back("of the first, which was used up")
    assert house.kept(PASTED) == "second.token"
