"""The fallback folder: what a static host serves is what the set-up says, after every change, and nothing else."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Engine, delete, update

from swapboard.accounts.secrets import Vault
from swapboard.calls.routes import CarrierAccount, CompanyRoutes, Routes
from swapboard.carriers.base import Links
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.storage.schema import companies, numbers, swap_targets
from swapboard.switchboard.buying import Purpose, buy_number
from swapboard.switchboard.condition import Trouble
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.fallback import LIST_NAME, Written, links_to, write_fallback
from tests.building import (
    BILLBOARD,
    DEFAULT_DESTINATION,
    DESTINATION,
    Business,
    open_business,
    pool_number,
    run,
    settings_of,
)
from tests.twilio_stand_in import SID, TOKEN, Twilio

ELSEWHERE = "+442079460077"


def routes_of(**destinations: str) -> Routes:
    named = {f"+1202555{last}": to for last, to in destinations.items()}
    account = CarrierAccount("k", "c", "sandbox", "")
    return Routes({"k": account}, {"c": CompanyRoutes("c", None, 25, named)})


def dialled_by(file: Path) -> list[str]:
    """The numbers that the document dials, read as the carrier reads it."""
    return [number.text or "" for number in ET.fromstring(file.read_text()).findall("./Dial/Number")]


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {LIST_NAME}


def test_only_what_changed_is_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    first = {"n0101": DESTINATION, "n0102": DESTINATION}
    routes = routes_of(**{last[1:]: to for last, to in first.items()})
    assert write_fallback(tmp_path, routes) == Written(2, 2, 0)
    untouched = (tmp_path / "k/12025550101.xml").stat().st_mtime_ns
    assert write_fallback(tmp_path, routes) == Written(2, 0, 0)
    assert write_fallback(tmp_path, routes_of(**{"0101": DESTINATION, "0103": ELSEWHERE})) == Written(2, 1, 1)
    assert files_in(tmp_path) == {"k/12025550101.xml", "k/12025550103.xml"}
    assert (tmp_path / "k/12025550101.xml").stat().st_mtime_ns == untouched
    assert dialled_by(tmp_path / "k/12025550103.xml") == [ELSEWHERE]
    assert json.loads((tmp_path / LIST_NAME).read_text()) == ["k/12025550101.xml", "k/12025550103.xml"]


def test_nothing_of_somebody_elses_is_removed(tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.write_text("mine")
    folder = tmp_path / "folder"
    write_fallback(folder, routes_of(**{"0101": DESTINATION}))
    (folder / "index.html").write_text("mine")
    listed = json.loads((folder / LIST_NAME).read_text())
    (folder / LIST_NAME).write_text(json.dumps([*listed, "../precious"]))
    write_fallback(folder, routes_of())
    assert files_in(folder) == {"index.html"}
    assert outside.read_text() == "mine"


def test_a_server_without_any_carrier_leaves_those_of_another_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As one that is started on a data folder whose name is misspelt: it removed all of the real one's."""
    write_fallback(tmp_path, routes_of(**{"0101": DESTINATION}))
    assert write_fallback(tmp_path, Routes({}, {})) == Written(0, 0, 0)
    assert files_in(tmp_path) == {"k/12025550101.xml"}
    assert "stay as they are" in caplog.text


def test_a_list_that_cannot_be_read_removes_nothing(tmp_path: Path) -> None:
    write_fallback(tmp_path, routes_of(**{"0101": DESTINATION}))
    (tmp_path / LIST_NAME).write_text("{")
    write_fallback(tmp_path, routes_of(**{"0102": DESTINATION}))
    assert files_in(tmp_path) == {"k/12025550101.xml", "k/12025550102.xml"}


def test_a_carrier_that_is_not_installed_has_no_document(tmp_path: Path) -> None:
    routes = routes_of(**{"0101": DESTINATION})
    other = CarrierAccount("other", "c", "gone", "")
    assert write_fallback(tmp_path, Routes({**routes.carriers, "other": other}, routes.companies)).documents == 1


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    url = "https://static.example.net/calls"
    return settings_of(tmp_path, database_url, fallback_dir=tmp_path / "fallback", fallback_url=url)


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, carrier_kind="sandbox")


def test_the_folder_follows_every_change(engine: Engine, settings: Settings, business: Business) -> None:
    del engine
    folder = (settings.fallback_dir or Path()) / business.carrier_id

    async def use() -> None:
        exchange = Exchange(settings)
        await exchange.start()
        try:
            assert dialled_by(folder / f"{pool_number(0, 0)[1:]}.xml") == [DESTINATION]
            assert dialled_by(folder / "any.xml") == [DEFAULT_DESTINATION]
            company_id = business.company_id
            moved = update(swap_targets).where(swap_targets.c.company_id == company_id)
            await exchange.configure(company_id, lambda c: c.execute(moved.values(destination=ELSEWHERE)))
            assert dialled_by(folder / f"{pool_number(0, 0)[1:]}.xml") == [ELSEWHERE]
            of_company = companies.c.company_id == company_id
            default = update(companies).where(of_company).values(default_destination=ELSEWHERE)
            await exchange.configure(company_id, lambda c: c.execute(default))
            assert dialled_by(folder / "any.xml") == [ELSEWHERE]
            gone = delete(numbers).where(numbers.c.company_id == company_id, numbers.c.number == BILLBOARD)
            await exchange.configure(company_id, lambda c: c.execute(gone))
            assert not (folder / f"{BILLBOARD[1:]}.xml").exists()
        finally:
            await exchange.stop()

    run(use())


def test_a_folder_that_cannot_be_written_harms_nothing_is_told_and_tried_again(
    engine: Engine, settings: Settings, business: Business
) -> None:
    del engine
    folder = settings.fallback_dir or Path()
    folder.write_text("a file stands here")

    async def use() -> None:
        exchange = Exchange(settings)
        await exchange.start()
        try:
            assert exchange.directory.routes.companies
            standing = exchange.condition.standing(business.company_id)
            assert [each.trouble for each in standing] == [Trouble.FALLBACK_UNWRITTEN]
            folder.unlink()
            await exchange._refresh()
            assert exchange.condition.standing(business.company_id) == []
            assert (folder / business.carrier_id / "any.xml").exists()
        finally:
            await exchange.stop()

    run(use())


def test_a_number_that_is_bought_asks_its_document_when_we_do_not_answer(
    engine: Engine, settings: Settings, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: TwilioKind(twilio.url))
    sealed = Vault.open(settings.secret_file).seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(engine) as connection:
        business = open_business(connection, credentials=sealed, carrier_kind="twilio")

    async def use() -> None:
        exchange = Exchange(settings)
        await exchange.start()
        try:
            purpose = Purpose(pool_id=business.pools[0].pool_id)
            await buy_number(
                exchange, business.company_id, "key", "+12025550130", business.carrier_id, purpose, "me"
            )
            links = await links_to(exchange, business.company_id, business.carrier_id, "+12025550130")
            assert links.fallback_of_any == f"https://static.example.net/calls/{business.carrier_id}/any.xml"
        finally:
            await exchange.stop()

    run(use())
    (bought,) = twilio.owned.values()
    name = f"{business.carrier_id}/12025550130.xml"
    assert bought["given"]["VoiceFallbackUrl"] == f"https://static.example.net/calls/{name}"
    assert bought["given"]["VoiceFallbackMethod"] == "GET"
    assert bought["given"]["VoiceUrl"] == Links(settings.public_url, business.carrier_id).door("voice")  # type: ignore[arg-type]
    assert dialled_by((settings.fallback_dir or Path()) / name) == [DESTINATION]
