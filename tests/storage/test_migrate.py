"""Migrations bring an empty database to the schema that the code has, and one that is there harm nothing."""

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Boolean, Connection, Float, Integer, LargeBinary, MetaData, Table, insert, inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeEngine

from swapboard.logs import begin_log
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import is_current, migrate
from swapboard.storage.schema import metadata
from tests import migrated
from tests.building import open_business, rows_of, without_database


@pytest.fixture(autouse=True)
def every_migration_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here they are what is tested; other tests begin with what they once made."""
    monkeypatch.setattr(command, "upgrade", migrated.really_upgrade)


def test_what_other_tests_begin_with_is_what_migrations_make(tmp_path: Path) -> None:
    made, remembered = tmp_path / "made.db", tmp_path / "remembered.db"
    migrate(f"sqlite:///{made}")
    migrated.remember()
    for _ in range(2):
        remembered.unlink(missing_ok=True)
        migrate(f"sqlite:///{remembered}")
    assert _told_by(remembered) == _told_by(made)


def _told_by(file: Path) -> tuple[set[object], list[object]]:
    with closing(sqlite3.connect(file)) as database:
        tables = set(database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
        return tables, database.execute("SELECT version_num FROM alembic_version").fetchall()


def test_only_its_owner_may_read_a_new_database(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    migrate(f"sqlite:///{file}")
    engine = open_engine(f"sqlite:///{file}")
    with writing(engine) as connection:
        open_business(connection)
        modes = {each.name: f"{each.stat().st_mode & 0o777:o}" for each in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), "600")
    engine.dispose()
    # Whoever let a group read it keeps that.
    file.chmod(0o640)
    migrate(f"sqlite:///{file}")
    assert file.stat().st_mode & 0o777 == 0o640


def test_the_migrations_make_what_the_code_expects(database_url: str) -> None:
    assert not is_current(database_url)
    migrate(database_url)
    assert is_current(database_url)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    engine = open_engine(database_url)
    with writing(engine) as connection:
        open_business(connection)
    before = {name: rows_of(engine, name) for name in metadata.tables}
    migrate(database_url)
    assert {name: rows_of(engine, name) for name in metadata.tables} == before
    engine.dispose()


def test_without_a_database_it_says_so(database_url: str) -> None:
    migrate(database_url)
    with without_database(database_url), pytest.raises(OperationalError):
        migrate(database_url)


def test_a_migration_takes_the_time_that_it_needs(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    def look(config: Config, _revision: str) -> None:
        connection = config.attributes["connection"]
        if connection.dialect.name == "postgresql":
            limits.append(connection.exec_driver_sql("SHOW statement_timeout").scalar_one())

    monkeypatch.setattr(command, "upgrade", look)
    migrate(database_url)
    assert set(limits) <= {"0"}
    engine = open_engine(database_url)
    assert bool(limits) == (engine.dialect.name == "postgresql")
    engine.dispose()


def test_old_calls_and_forms_are_told_whose_story_begins_with_them(database_url: str) -> None:
    migrate(database_url, "0037")
    engine = open_engine(database_url)
    with writing(engine) as connection:
        old = MetaData()
        old.reflect(connection)

        def put(table: str, *told: Mapping[str, object]) -> None:
            for each in told:
                connection.execute(insert(old.tables[table]).values({**_filled(old.tables[table]), **each}))

        put("companies", {"company_id": "one"}, {"company_id": "two"})
        put("people", {"company_id": "one"})
        put("api_keys", {"company_id": "one"})
        put("emails", {"company_id": "one"})
        for company_id in ("one", "two"):
            own = {"company_id": company_id}
            put("calls", *(own | {"call_id": each, "call_ref": each} for each in ("first", "again", "spam")))
            put("forms", *(own | {"form_id": each} for each in ("asked", "later")))
            # It began with a call that turned out to be spam, and is of nobody now.
            put("leads", own | {"lead_id": "ann", "began_as": "call", "created_at": 1, "last_at": 5})
            put("leads", own | {"lead_id": "bob", "began_as": "form", "created_at": 2, "last_at": 2})
            ways = (("ann", "call", "again", 5), ("ann", "form", "later", 4), ("ann", "call", "first", 3))
            for lead_id, kind, contact_id, at in (*ways, ("bob", "form", "asked", 2)):
                way = {"lead_id": lead_id, "kind": kind, "contact_id": contact_id, "happened_at": at}
                put("lead_contacts", own | way)
    migrate(database_url)
    marked = {
        (row["company_id"], row[f"{table[:-1]}_id"])
        for table in ("calls", "forms")
        for row in rows_of(engine, table)
        if row["begins_lead"]
    }
    assert marked == {(company_id, each) for company_id in ("one", "two") for each in ("first", "asked")}
    began = {(row["lead_id"], row["began_as"], row["created_at"]) for row in rows_of(engine, "leads")}
    assert began == {("ann", "call", 3), ("bob", "form", 2)}
    engine.dispose()


def test_what_old_calls_count_for_is_written_beside_them(database_url: str) -> None:
    migrate(database_url, "0047")
    engine = open_engine(database_url)
    with writing(engine) as connection:
        old = MetaData()
        old.reflect(connection)

        def put(table: str, *told: Mapping[str, object]) -> None:
            for each in told:
                connection.execute(insert(old.tables[table]).values({**_filled(old.tables[table]), **each}))

        put("companies", {"company_id": "one"})
        one = {"company_id": "one"}
        visit = {"value_track": {"adgroupid": "Drains"}, "content": "blue", "device": "phone", "term": None}
        far = {"landing_page": "https://www.example.com/a?b=c", "referrer": "https://news.example.com/today"}
        put("sessions", *(one | visit | far | {"session_id": each} for each in ("mine", "other")))
        put(
            "sessions",
            one | visit | {"session_id": "bare", "value_track": {}, "content": None, "landing_page": ""},
        )
        kinds = {"mine": "session", "bare": "session", "nobodys": "unknown"}
        for name, kind in kinds.items():
            call = {"call_id": name, "call_ref": name, "attribution_kind": kind, "session_id": name}
            put("calls", one | call)
        # More than are looked at together, and before the others.
        told = _filled(old.tables["calls"]) | one | {"attribution_kind": "session", "session_id": "bare"}
        many = [{**told, "call_id": f"again {number}", "call_ref": f"{number}"} for number in range(1_000)]
        connection.execute(insert(old.tables["calls"]), many)
        for call_id, session_id, probability in (
            ("mine", "mine", 0.7),
            ("mine", "other", 0.2),
            ("nobodys", "other", 0.25),
        ):
            put(
                "call_candidates", one | {"call_id": call_id, "session_id": session_id, "probability": probability}
            )
    migrate(database_url)
    calls = {row["call_id"]: row for row in rows_of(engine, "calls")}
    assert {row["device"] for row in calls.values() if row["session_id"] == "bare"} == {"phone"}
    left = {each: (calls[each]["own_millionths"], calls[each]["nobodys_millionths"]) for each in kinds}
    assert left == {"mine": (700_000, 100_000), "bare": (1_000_000, 0), "nobodys": (750_000, 0)}
    assert [calls["mine"][name] for name in ("ad_group", "ad", "device")] == ["Drains", "blue", "phone"]
    assert [calls["bare"][name] for name in ("ad_group", "ad", "device")] == [None, None, "phone"]
    others = [row for row in rows_of(engine, "call_candidates") if row["session_id"] == "other"]
    assert sorted(row["call_id"] for row in others) == ["mine", "nobodys"]
    for row in others:
        assert (row["landing_page"], row["referrer"]) == ("https://www.example.com/a", "news.example.com")
        assert (row["ad_group"], row["ad"], row["keyword"], row["device"]) == ("Drains", "blue", "", "phone")
    engine.dispose()


def _filled(table: Table) -> dict[str, object]:
    """Something in each column that needs it."""
    needed = (each for each in table.columns if not each.nullable and each.server_default is None)
    return {each.name: _something(each.type) for each in needed}


def _something(kind: TypeEngine[Any]) -> object:
    match kind:
        case JSON():
            return []
        case Boolean():
            return False
        case Integer() | Float():
            return 0
        case LargeBinary():
            return b""
        case _:
            return ""


def test_days_of_placements_that_are_none_go(database_url: str) -> None:
    migrate(database_url, "0054")
    engine = open_engine(database_url)
    written = {
        "fine": ("2026-11-01", "2026-12-01"),
        "open": ("2026-11-01", None),
        "words": ("next week", "31.12.2026"),
        "no such day": ("2026-02-30", "2026-03-01"),
        "backwards": ("2026-12-01", "2026-11-01"),
    }
    with writing(engine) as connection:
        old = MetaData()
        old.reflect(connection)
        company = {**_filled(old.tables["companies"]), "company_id": "one"}
        connection.execute(insert(old.tables["companies"]).values(company))
        for number_id, (starts_on, ends_on) in written.items():
            own = {"company_id": "one", "number_id": number_id, "number": number_id, "short_code": None}
            days = {"starts_on": starts_on, "ends_on": ends_on}
            row = {**_filled(old.tables["numbers"]), **own, **days, "released_at": None}
            connection.execute(insert(old.tables["numbers"]).values(row))
    migrate(database_url)
    kept = {row["number_id"]: (row["starts_on"], row["ends_on"]) for row in rows_of(engine, "numbers")}
    assert kept == {
        "fine": ("2026-11-01", "2026-12-01"),
        "open": ("2026-11-01", None),
        "words": (None, None),
        "no such day": (None, "2026-03-01"),
        "backwards": ("2026-12-01", None),
    }
    engine.dispose()


def test_what_destinations_took_before_is_marked(database_url: str) -> None:
    migrate(database_url, "0057")
    engine = open_engine(database_url)
    told = {
        "sent": ("sent", "its"),
        "refused": ("failed", "its"),
        "counts again": ("sent", "that of before"),
    }
    with writing(engine) as connection:
        old = MetaData()
        old.reflect(connection)
        tables = [old.tables[name] for name in ("companies", "destinations", "conversions", "deliveries")]
        companies, destinations, conversions, deliveries = tables
        for company_id in ("one", "two"):
            own = {"company_id": company_id, "destination_id": "there", "kind": "call"}
            connection.execute(insert(companies).values({**_filled(companies), "company_id": company_id}))
            connection.execute(insert(destinations).values({**_filled(destinations), **own}))
            for contact_id, (state, conversion_id) in told.items():
                about = {**own, "contact_id": contact_id, "conversion_id": "its"}
                connection.execute(insert(conversions).values({**_filled(conversions), **about}))
                if company_id == "one":
                    message = {**about, "conversion_id": conversion_id, "delivery_id": contact_id, "state": state}
                    connection.execute(insert(deliveries).values({**_filled(deliveries), **message}))
    migrate(database_url)
    marked = {(row["company_id"], row["contact_id"]) for row in rows_of(engine, "conversions") if row["taken"]}
    assert marked == {("one", "sent")}
    engine.dispose()


def test_sessions_stay_when_their_table_is_made_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    migrate(url, "0008")
    engine = open_engine(url)
    columns = [column["name"] for column in inspect(engine).get_columns("sessions")]
    rows = [tuple(f"{name} {number}" for name in columns) for number in range(3)]
    places = ", ".join("?" * len(columns))
    with engine.begin() as connection:
        for row in rows:
            connection.exec_driver_sql(f"INSERT INTO sessions ({', '.join(columns)}) VALUES ({places})", row)
        assert "WITHOUT ROWID" in _made_by(connection)
        indexes = inspect(connection).get_indexes("sessions")
    migrate(url)
    with engine.begin() as connection:
        kept = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM sessions ORDER BY session_id").all()
        assert kept == rows
        assert "WITHOUT ROWID" not in _made_by(connection)
        assert inspect(connection).get_indexes("sessions") == indexes != []
    engine.dispose()


def _made_by(connection: Connection) -> str:
    told: str = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'sessions'").scalar_one()
    return told


def test_what_was_done_is_told_in_a_line_or_two(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    begin_log()
    caplog.set_level(logging.INFO, "swapboard")
    migrate(database_url, "0057")
    told = ["made the tables of an empty database, schema 0057"]
    assert [each.getMessage() for each in caplog.records] == told
    caplog.clear()
    migrate(database_url, "0058")
    begun, ended = (each.getMessage() for each in caplog.records)
    assert begun == "bringing the database from schema 0057 up to date, in steps: 1"
    assert ended.startswith("the database has schema 0058 now, after ")
    caplog.clear()
    migrate(database_url, "0058")
    assert not caplog.records
