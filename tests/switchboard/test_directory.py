"""The set-up in memory: what visits are shown, and where calls go."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, insert, update

from swapboard.accounts import store as account_store
from swapboard.accounts.company import Site
from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import touch_config
from swapboard.calls.recording import ANY_LINE
from swapboard.calls.routes import CarrierAccount, Routes
from swapboard.calls.snapshot import write_snapshot
from swapboard.clock import system_clock
from swapboard.storage.engine import writing
from swapboard.storage.schema import companies, recording_policies
from swapboard.switchboard.condition import Condition
from swapboard.switchboard.directory import Directory
from swapboard.switchboard.sounds import SoundShelf
from tests.building import DEFAULT_DESTINATION, Business, open_business

MOVED = "+12025550188"


def test_calls_are_put_through_before_a_number_is_shown(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
    directory = a_directory(engine, tmp_path)
    sites_of, routed = account_store.sites_of, []

    def noting(connection: Connection, company_id: str) -> Sequence[Site]:
        assert directory.site(business.site.site_key) is None
        routed.append(business.carrier_id in directory.routes.carriers)
        return sites_of(connection, company_id)

    monkeypatch.setattr(account_store, "sites_of", noting)
    directory.start()
    assert routed == [True]
    assert directory.site(business.site.site_key)


def test_a_company_that_cannot_be_read_goes_on_as_it_was_and_keeps_no_other_waiting(
    engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        broken, other = open_business(connection), open_business(connection)
    a_directory(engine, tmp_path).start()
    strange = {"company_id": broken.company_id, "number": ANY_LINE, "mode": "of a newer version"}
    strange |= dict.fromkeys(("notice", "question", "notice_file", "question_file"), "")
    with writing(engine) as connection:
        connection.execute(insert(recording_policies), strange)
        touch_config(connection, broken.company_id)
        company = update(companies).where(companies.c.company_id == other.company_id)
        connection.execute(company.values(default_destination=MOVED))
        touch_config(connection, other.company_id)

    directory = a_directory(engine, tmp_path)
    directory.start()
    assert not directory.degraded
    assert destination(directory, broken) == DEFAULT_DESTINATION
    assert destination(directory, other) == MOVED
    assert directory.site(other.site.site_key)

    with writing(engine) as connection:
        connection.execute(delete(recording_policies).where(recording_policies.c.company_id == broken.company_id))
    assert directory.refresh()
    assert directory.site(broken.site.site_key)


def test_a_company_that_only_the_snapshot_knows_is_gone(engine: Engine, tmp_path: Path) -> None:
    directory = a_directory(engine, tmp_path)
    with writing(engine) as connection:
        business = open_business(connection)
    directory.start()
    known = directory.routes
    account = CarrierAccount("theirs", "stranger", "test", "")
    company = replace(known.companies[business.company_id], company_id="stranger")
    both = Routes({**known.carriers, "theirs": account}, {**known.companies, "stranger": company})
    write_snapshot(tmp_path / "routes.json", both)

    again = a_directory(engine, tmp_path)
    again.start()
    assert again.routes == known


def a_directory(engine: Engine, folder: Path) -> Directory:
    shelf = SoundShelf(folder, Vault.open(folder / "secret.key"), "https://calls.example.com")
    return Directory(engine, folder / "routes.json", Condition(system_clock), shelf)


def destination(directory: Directory, business: Business) -> str:
    way = directory.routes.plain_way(business.carrier_id)
    assert way
    return way.destination
