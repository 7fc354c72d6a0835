"""The doctor finds what is wrong, says what to do, and finds nothing where nothing is wrong."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from functools import partial
from pathlib import Path

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import Engine, text, update
from typer.testing import CliRunner

from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import change_site
from swapboard.carriers.sandbox.adapter import SandboxCarrier
from swapboard.cli.app import app
from swapboard.clock import HOUR, MINUTE, SECOND, Clock, Millis, system_clock
from swapboard.settings import Settings
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.schema import carriers, sites
from swapboard.switchboard.visiting import admit
from swapboard.upkeep.checkup import check_up
from swapboard.upkeep.verdict import State, Verdict, of_clock, of_disk, of_public_address
from tests.building import NOW, ON_SQLITE, Business, Server, a_visit, open_business, served, settings_of
from tests.mail_stand_in import mail_server

HOST = "www.example.com"
CREDENTIALS = {"account_sid": "AC1", "auth_token": "secret"}


@pytest.fixture
def settings(tmp_path: Path, migrated_url: str) -> Settings:
    settings = settings_of(tmp_path / "data", migrated_url)
    settings.data_dir.mkdir()
    return settings


@pytest.fixture
def business(settings: Settings, engine: Engine) -> Business:
    sealed = Vault.open(settings.secret_file).seal(CREDENTIALS)
    with writing(engine) as connection:
        business = open_business(connection, numbers=2)
        of_company = carriers.c.company_id == business.company_id
        connection.execute(update(carriers).where(of_company).values(kind="sandbox", credentials=sealed))
        change_site(connection, replace(business.site, hosts=(HOST,)))
    return business


class World:
    """What the doctor meets outside: our server at its public address, and the site."""

    def __init__(self, server: Server, portal: BlockingPortal, page: str) -> None:
        self.server = server
        self.portal = portal
        self.page = page
        self.clock_is_behind: Millis = 0
        self.swallow: Callable[[httpx.Request], httpx.Response | None] = lambda _: None

    def answer(self, request: httpx.Request) -> httpx.Response:
        if swallowed := self.swallow(request):
            return swallowed
        if request.url.host == HOST:
            headers = {
                "content-type": "text/html",
                "date": formatdate((system_clock() - self.clock_is_behind) / SECOND, usegmt=True),
            }
            return httpx.Response(200, headers=headers, stream=httpx.ByteStream(self.page.encode()))
        told = self.portal.call(
            partial(
                self.server.client.request,
                request.method,
                str(request.url),
                content=request.content,
                headers=dict(request.headers),
            )
        )
        return httpx.Response(told.status_code, text=told.text)


@pytest.fixture
def world(settings: Settings, business: Business) -> Iterator[World]:
    line = f'<script async src="{settings.public_url}/t/{business.site.site_key}.js"></script>'
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(served(settings)) as server:
        yield World(server, portal, f"<!doctype html><title>Home</title>{line}")


def look(settings: Settings, world: World | None, clock: Clock = system_clock) -> list[Verdict]:
    if world is None:
        return list(check_up(settings, None, clock))
    with httpx.Client(transport=httpx.MockTransport(world.answer)) as http:
        return list(check_up(settings, http, clock))


def trouble(verdicts: list[Verdict]) -> list[tuple[str, State]]:
    return [(each.check, each.state) for each in verdicts if each.state is not State.OK]


def test_nothing_is_found_where_nothing_is_wrong(settings: Settings, world: World) -> None:
    verdicts = look(settings, world)

    assert trouble(verdicts) == []
    checks = {each.check for each in verdicts}
    assert {"disk", "clock", "schema", "public address", "carrier sandbox, webhooks"} <= checks
    assert world.server.carriers.troubles == {}, "what the doctor tries is no trouble"


@ON_SQLITE
def test_a_line_that_is_missing_is_found_unless_visits_come(
    settings: Settings, world: World, business: Business
) -> None:
    world.page = "<!doctype html><title>Home</title>"
    assert trouble(look(settings, world)) == []
    engine = open_engine(settings.database_url)
    with writing(engine) as connection:
        of_company = sites.c.company_id == business.company_id
        connection.execute(update(sites).where(of_company).values(first_seen_at=None))
    engine.dispose()
    [found] = [each for each in look(settings, world) if each.state is not State.OK]

    assert found.check == f"site {business.site.name}"
    assert "does not have the line" in found.says
    assert "check-site" in found.what_to_do


@ON_SQLITE
@pytest.mark.parametrize(
    ("swallowed", "answered", "expected"),
    [
        ("/t/", httpx.Response(200, text="<h1>Welcome to nginx!</h1>"), ("public address", "without the script")),
        ("/t/", httpx.ConnectError("refused"), ("public address", "cannot be reached: refused")),
        ("/carriers/", httpx.Response(200, text="ok"), ("carrier sandbox, webhooks", "not 403")),
        ("/carriers/", httpx.Response(403, text=""), ("carrier sandbox, webhooks", "answered 403")),
        ("/carriers/", httpx.ConnectError("refused"), ("carrier sandbox, webhooks", "cannot be reached")),
    ],
    ids=["another server", "no server", "a proxy answers", "another address", "a proxy that drops"],
)
def test_what_stands_before_the_server_is_found(
    settings: Settings,
    world: World,
    swallowed: str,
    answered: httpx.Response | httpx.ConnectError,
    expected: tuple[str, str],
) -> None:
    def swallow(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.startswith(swallowed) or request.url.host == HOST:
            return None
        if isinstance(answered, httpx.ConnectError):
            raise answered
        return httpx.Response(answered.status_code, text=answered.text)

    world.swallow = swallow
    [found] = [each for each in look(settings, world) if each.state is State.PROBLEM]

    assert found.check == expected[0]
    assert expected[1] in found.says
    assert found.what_to_do


@ON_SQLITE
def test_a_mail_server_that_does_not_let_us_in_is_found_and_gets_no_letter(
    settings: Settings, world: World
) -> None:
    with mail_server() as server:
        with_mail = replace(settings, smtp_url=server.url, mail_from="calls@example.com")
        assert trouble(look(with_mail, world)) == []
        server.answers["AUTH"] = "535 no such name"
        named = replace(with_mail, smtp_url=server.url.replace("//", "//us:secret@"))
        refused = [each for each in look(named, world) if each.check == "mail server"]
        server.answers[""] = "554 not from there"
        assert trouble(look(with_mail, world)) == [("mail server", State.PROBLEM)]
        assert server.taken == []
    assert [(each.state, each.says) for each in refused] == [(State.PROBLEM, "535 no such name")]
    away = [each.says for each in look(with_mail, world) if each.check == "mail server"]
    assert "The mail server cannot be reached" in "".join(away)


@ON_SQLITE
def test_a_speech_model_that_is_not_there_is_found(settings: Settings, business: Business) -> None:
    with_model = replace(settings, transcribe_model=settings.data_dir / "nowhere")
    (found,) = [each for each in look(with_model, None) if each.state is not State.OK]
    assert (found.check, found.state, "nowhere" in found.says) == ("speech model", State.PROBLEM, True)


def test_a_signed_request_of_another_address_is_refused(settings: Settings, world: World) -> None:
    """The server's SWAPBOARD_PUBLIC_URL is another than the doctor's; its proxy says not what was asked."""

    def by_proxy(request: httpx.Request) -> None:
        request.headers["host"] = "127.0.0.1:8000"

    world.swallow = by_proxy
    told = look(replace(settings, public_url="https://other.example.com"), world)

    assert ("carrier sandbox, webhooks", State.PROBLEM) in trouble(told)


@ON_SQLITE
def test_a_clock_that_is_wrong_is_found(settings: Settings, world: World, business: Business) -> None:
    world.clock_is_behind = HOUR
    assert trouble(look(settings, world)) == [("clock", State.PROBLEM)]
    engine = open_engine(settings.database_url)
    with writing(engine) as connection:
        admit(connection, [a_visit(business)])
    engine.dispose()
    assert trouble(look(settings, None, lambda: NOW - 2 * MINUTE)) == [("clock", State.PROBLEM)]


@ON_SQLITE
def test_credentials_of_another_key_are_found(settings: Settings, world: World) -> None:
    settings.secret_file.unlink()
    Vault.open(settings.secret_file)

    [found] = [each for each in look(settings, world) if each.state is State.PROBLEM]

    assert "another secret.key" in found.says


@ON_SQLITE
def test_an_adapter_that_breaks_off_is_found_and_the_rest_is_looked_at(
    settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_off(*_: object) -> Iterator[object]:
        raise KeyError("next_page_uri")

    monkeypatch.setattr(SandboxCarrier, "calls", breaks_off)
    verdicts = look(settings, world)
    assert trouble(verdicts) == [("carrier sandbox", State.PROBLEM)]
    assert verdicts[-1].check.startswith("site ")


@ON_SQLITE
def test_a_site_that_any_page_may_use_is_told(settings: Settings, world: World, business: Business) -> None:
    engine = open_engine(settings.database_url)
    with writing(engine) as connection:
        change_site(connection, replace(business.site, hosts=()))
    engine.dispose()

    assert trouble(look(settings, world)) == [(f"site {business.site.name}", State.WARNING)]


@ON_SQLITE
def test_a_database_in_a_folder_that_others_cannot_enter_is_no_trouble(
    settings: Settings, business: Business
) -> None:
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    database.chmod(0o644)
    database.parent.chmod(0o700)
    assert trouble(look(settings, None)) == []


@ON_SQLITE
def test_what_is_wrong_with_the_house_is_found(settings: Settings, business: Business) -> None:
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    settings.secret_file.chmod(0o644)
    database.chmod(0o644)
    database.parent.chmod(0o755)
    settings.spool_file.write_text("{}\n")
    assert trouble(look(settings, None)) == [
        ("secret key", State.WARNING),
        ("waiting events", State.WARNING),
        ("database", State.WARNING),
    ]
    settings.secret_file.unlink()
    settings.secret_file.mkdir()
    assert trouble(look(settings, None))[0] == ("secret key", State.PROBLEM)
    settings.secret_file.rmdir()
    database.write_bytes(b"no database" * 1000)
    assert trouble(look(settings, None)) == [
        ("secret key", State.PROBLEM),
        ("waiting events", State.WARNING),
        ("database", State.PROBLEM),
        ("the rest", State.SKIPPED),
    ]
    database.unlink()
    assert ("database", State.PROBLEM) in trouble(look(settings, None))
    assert not database.exists()


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "what_to_do"),
    [
        ("disk I/O error", "Make room on its disk"),
        ("unable to open database file", "May this user read and write it"),
    ],
)
def test_a_database_that_cannot_be_read_now_is_not_to_be_replaced_by_a_backup(
    settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch, words: str, what_to_do: str
) -> None:
    def refused(*_words: object, **_more: object) -> None:
        raise sqlite3.OperationalError(words)

    monkeypatch.setattr("swapboard.upkeep.house.sqlite3.connect", refused)
    [found] = [each for each in look(settings, None) if each.check == "database"]
    assert found.says.endswith(f"swapboard.db cannot be read: {words}")
    assert found.what_to_do.startswith(what_to_do)


def test_a_database_without_this_schema_is_found(settings: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        present = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    found = trouble(look(settings, None))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    newer = [each.says for each in look(settings, None) if each.check == "schema"]
    # The next test on this PostgreSQL database goes by it.
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :present"), {"present": present})

    assert ("schema", State.PROBLEM) in found
    assert newer == ["is a newer Swapboard's"]


@ON_SQLITE
def test_a_database_that_is_away_is_found(settings: Settings, business: Business) -> None:
    away = replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")

    assert trouble(look(away, None)) == [("database", State.PROBLEM), ("the rest", State.SKIPPED)]


@pytest.mark.parametrize(
    ("free_bytes", "state"), [(2e9, State.OK), (5e8, State.WARNING), (99_999_999, State.PROBLEM)]
)
def test_the_disk(free_bytes: float, state: State) -> None:
    assert of_disk(int(free_bytes), "/data").state is state


@pytest.mark.parametrize(
    ("apart", "state"), [(0, State.OK), (4_999, State.OK), (-5_000, State.WARNING), (60_000, State.PROBLEM)]
)
def test_the_clock(apart: int, state: State) -> None:
    assert of_clock(NOW + apart, NOW, "a friend").state is state


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("https://calls.example.com", State.OK),
        ("http://127.0.0.1:8000", State.WARNING),
        ("http://calls.example.com", State.PROBLEM),
        ("https://example.com/calls", State.WARNING),
        ("calls.example.com", State.PROBLEM),
    ],
)
def test_the_public_address(url: str, state: State) -> None:
    assert of_public_address(url).state is state


def test_the_command_tells_it_in_words_and_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_sqlite: Path
) -> None:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SWAPBOARD_DATABASE_URL", raising=False)
    Vault.open(tmp_path / "secret.key")
    failed = CliRunner().invoke(app, ["doctor", "--offline"])
    assert failed.exit_code == 1
    assert "problem  database: " in failed.output
    assert "→ Start the server once, or restore a backup." in failed.output

    monkeypatch.setenv("SWAPBOARD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    away = CliRunner().invoke(app, ["doctor", "--offline"])
    assert "Connection refused Is the server running on that host" in away.output
    monkeypatch.delenv("SWAPBOARD_DATABASE_URL")

    (tmp_path / "swapboard.db").write_bytes(migrated_sqlite.read_bytes())
    done = CliRunner().invoke(app, ["doctor", "--offline", "--json"])
    assert done.exit_code == 0
    facts = json.loads(done.output)
    assert facts["ok"] is True
    assert {each["state"] for each in facts["checks"]} <= {"ok", "warning"}
    assert set(facts["checks"][0]) == {"check", "state", "says", "what_to_do"}
