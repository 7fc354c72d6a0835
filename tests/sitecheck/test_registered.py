"""What the database knows of a site."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from swapboard.sitecheck.registered import Ambiguous, registered_business
from swapboard.storage.engine import reading, writing
from tests.building import BILLBOARD, FALLBACK, SOCIAL, Business, open_business, pool_number

HOST = "www.example.com"


def opened(engine: Engine, hosts: Sequence[str], targets: int = 1) -> Business:
    with writing(engine) as connection:
        return open_business(connection, hosts=hosts, targets=targets)


def test_a_site_found_by_its_host(engine: Engine) -> None:
    mine = opened(engine, ["example.com"], targets=2)
    opened(engine, ["other.example.org"])
    with reading(engine) as connection:
        found = registered_business(connection, HOST, None)
    assert found is not None
    assert sorted(found.numbers) == sorted(target.number for target in mine.targets)
    assert found.site_key == mine.site.site_key
    pool = {pool_number(place, index) for place in range(2) for index in range(3)}
    assert found.tracking_numbers == {*pool, FALLBACK, SOCIAL, BILLBOARD}


def test_nobodys_site(engine: Engine) -> None:
    opened(engine, ["other.example.org"])
    with reading(engine) as connection:
        assert registered_business(connection, HOST, None) is None


def test_a_company_by_its_name(engine: Engine) -> None:
    mine = opened(engine, ["elsewhere.example.org"])
    with reading(engine) as connection:
        found = registered_business(connection, HOST, "Example")
        with pytest.raises(Ambiguous, match="there is no company 'Nobody'"):
            registered_business(connection, HOST, "Nobody")
    assert found is not None
    assert found.site_key == mine.site.site_key


def test_two_that_fit(engine: Engine) -> None:
    opened(engine, [HOST])
    opened(engine, ["example.com"])
    with reading(engine) as connection, pytest.raises(Ambiguous, match="2 companies fit"):
        registered_business(connection, HOST, None)
