"""The set-up in memory: what visits are shown, and where calls go."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from swapboard.accounts import store as account_store
from swapboard.accounts.company import Site
from swapboard.accounts.secrets import Vault
from swapboard.clock import system_clock
from swapboard.storage.engine import writing
from swapboard.switchboard.condition import Condition
from swapboard.switchboard.directory import Directory
from swapboard.switchboard.sounds import SoundShelf
from tests.building import open_business


def test_calls_are_put_through_before_a_number_is_shown(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
    shelf = SoundShelf(tmp_path, Vault.open(tmp_path / "secret.key"), "https://calls.example.com")
    directory = Directory(engine, tmp_path / "routes.json", Condition(system_clock), shelf)
    sites_of, routed = account_store.sites_of, []

    def noting(connection: Connection, company_id: str) -> Sequence[Site]:
        assert directory.site(business.site.site_key) is None
        routed.append(business.carrier_id in directory.routes.carriers)
        return sites_of(connection, company_id)

    monkeypatch.setattr(account_store, "sites_of", noting)
    directory.start()
    assert routed == [True]
    assert directory.site(business.site.site_key)
