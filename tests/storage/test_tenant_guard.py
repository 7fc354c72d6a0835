"""The guard of invariant 7 catches what is not held to a company, and lets through what is."""

import types
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import (
    ClauseElement,
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    union_all,
    update,
)

import swapboard
from swapboard.accounts.store import config_versions
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, companies, leases, numbers, sessions
from tests.storage.tenant_guard import Breach, breaches, text_breaches

US = "c" * 32
earlier = leases.alias("earlier")


def joined(*on: ClauseElement) -> ClauseElement:
    return and_(calls.c.session_id == sessions.c.session_id, *on)


BREACHES: dict[str, tuple[ClauseElement, set[str]]] = {
    "everything": (select(calls), {"calls"}),
    "by id only": (select(calls).where(calls.c.call_id == "x"), {"calls"}),
    "another company's": (select(calls).where(calls.c.company_id != US), {"calls"}),
    "or": (select(calls).where(or_(calls.c.company_id == US, calls.c.status == "missed")), {"calls"}),
    "not": (select(calls).where(~(calls.c.company_id == US)), {"calls"}),
    "compared with itself": (select(calls).where(calls.c.company_id == calls.c.company_id), {"calls"}),
    "a join by id": (
        select(calls).join(sessions, joined()).where(calls.c.company_id == US),
        {"sessions"},
    ),
    "a join held by nobody": (
        select(calls).join(sessions, joined(calls.c.company_id == sessions.c.company_id)),
        {"calls", "sessions"},
    ),
    "two tables": (select(calls, numbers).where(numbers.c.company_id == US), {"calls"}),
    "an alias": (select(earlier).where(leases.c.company_id == US), {"leases"}),
    "a scalar subquery": (
        select(calls.c.call_id, select(func.count()).select_from(leases).scalar_subquery()).where(
            calls.c.company_id == US
        ),
        {"leases"},
    ),
    "exists": (
        select(calls).where(calls.c.company_id == US, exists().where(leases.c.session_id == calls.c.session_id)),
        {"leases"},
    ),
    "in": (
        select(calls).where(calls.c.company_id == US, calls.c.call_id.in_(select(leases.c.session_id))),
        {"leases"},
    ),
    "a subquery in FROM": (select(select(calls.c.call_id).subquery()), {"calls"}),
    "a subquery of the same table": (
        select(calls).where(calls.c.company_id == US).join(select(calls.c.call_id).subquery("all"), text("true")),
        {"calls"},
    ),
    "a common table expression": (select(select(leases).cte()), {"leases"}),
    "a union": (
        union_all(select(calls.c.call_id).where(calls.c.company_id == US), select(leases.c.session_id)),
        {"leases"},
    ),
    "an update": (update(numbers).values(status="paused"), {"numbers"}),
    "an update by id": (update(numbers).where(numbers.c.number_id == "x").values(status="paused"), {"numbers"}),
    "an update from another table": (
        update(numbers)
        .where(numbers.c.company_id == US, numbers.c.number_id == leases.c.number_id)
        .values(left_at=0),
        {"leases"},
    ),
    "an update's value": (
        update(numbers)
        .where(numbers.c.company_id == US)
        .values(left_at=select(func.max(leases.c.from_at)).scalar_subquery()),
        {"leases"},
    ),
    "a delete": (delete(calls).where(calls.c.call_id == "x"), {"calls"}),
    "an insert": (insert(calls).values(call_id="x"), {"calls"}),
    "many inserts": (insert(calls).values([{"call_id": "x"}, {"call_id": "y"}]), {"calls"}),
    "an insert from a select": (
        insert(companies).from_select(["company_id"], select(calls.c.company_id)),
        {"calls"},
    ),
    "text": (text("SELECT * FROM calls WHERE call_id = :x"), {"calls"}),
}  # fmt: skip

HELD: dict[str, ClauseElement] = {
    "by company": select(calls).where(calls.c.company_id == US),
    "the other way round": select(calls).where(bindparam("of_company", US) == calls.c.company_id),
    "some companies": select(companies).where(companies.c.company_id.in_(["a", "b"])),
    "and more": select(calls).where(and_(calls.c.status == "x", and_(calls.c.company_id == US))),
    "a join": select(calls)
    .join(sessions, joined(calls.c.company_id == sessions.c.company_id))
    .where(sessions.c.company_id == US),
    "an outer join": select(calls.outerjoin(sessions, joined(sessions.c.company_id == calls.c.company_id))).where(
        calls.c.company_id == US
    ),
    "a correlated subquery": select(leases).where(
        leases.c.company_id == US,
        leases.c.from_at.in_(select(earlier.c.from_at).where(earlier.c.company_id == leases.c.company_id)),
    ),
    "a subquery": select(select(calls).where(calls.c.company_id == US).subquery()),
    "an update": update(numbers).where(numbers.c.company_id == US).values(status="x"),
    "a delete": delete(calls).where(calls.c.company_id == US),
    "an insert": insert(calls).values(company_id=US, call_id="x"),
    "many inserts": insert(calls).values([{"company_id": US, "call_id": "x"}]),
    "text": text("SELECT * FROM calls WHERE company_id = :x"),
    "no table of ours": text("SELECT 1"),
    "nothing": select(1),
}  # fmt: skip


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_caught(name: str) -> None:
    statement, tables = BREACHES[name]
    assert breaches(statement) == tables


@pytest.mark.parametrize("name", HELD)
def test_what_is_held_is_let_through(name: str) -> None:
    assert breaches(HELD[name]) == set()


def test_an_insert_may_send_the_company_beside_it() -> None:
    assert breaches(insert(calls), {"call_id"}) == {"calls"}
    assert breaches(insert(calls), {"call_id", "company_id"}) == set()


def test_plain_text_must_name_the_company() -> None:
    assert text_breaches("UPDATE numbers SET live_session_id = NULL WHERE number_id = ?") == {"numbers"}
    assert text_breaches("UPDATE numbers SET left_at = ? WHERE company_id = ?") == frozenset()
    assert text_breaches("PRAGMA table_info(numbers)") == frozenset()


def product_code(source: str) -> Callable[[Connection], object]:
    """A function `run(connection)` that stands in a file of Swapboard's own, as far as anybody can see."""
    module = types.ModuleType("swapboard.careless")
    exec(compile(source, str(Path(swapboard.__file__).parent / "careless.py"), "exec"), module.__dict__)
    run: Callable[[Connection], object] = module.run
    return run


CORE = """
from sqlalchemy import insert, select
from swapboard.storage.schema import calls, sites
def run(connection):
    connection.execute(select(calls))
"""
DRIVER = """
def run(connection):
    connection.exec_driver_sql("SELECT * FROM calls")
"""
INSERT = """
from sqlalchemy import insert
from swapboard.storage.schema import calls
def run(connection):
    connection.execute(insert(calls), [{"call_id": "x"}])
"""
CAUGHT = """
from sqlalchemy import select
from swapboard.storage.schema import calls
def run(connection):
    try:
        connection.execute(select(calls))
    except Exception:
        pass
"""
MEANT = """
from sqlalchemy import select
from swapboard.storage.schema import calls
def run(connection):
    connection.execute(select(calls).execution_options(across_companies="it is a test"))
"""


@pytest.mark.parametrize("source", [CORE, DRIVER, INSERT])
def test_swapboards_own_code_is_examined(engine: Engine, tenant_breaches: list[str], source: str) -> None:
    with writing(engine) as connection, pytest.raises(Breach, match="calls without a company"):
        product_code(source)(connection)
    assert len(tenant_breaches) == 1
    tenant_breaches.clear()


def test_a_breach_that_the_code_catches_is_remembered(engine: Engine, tenant_breaches: list[str]) -> None:
    with reading(engine) as connection:
        product_code(CAUGHT)(connection)
    assert len(tenant_breaches) == 1
    tenant_breaches.clear()


def test_what_is_meant_for_all_companies_says_so(engine: Engine, tenant_breaches: list[str]) -> None:
    with reading(engine) as connection:
        product_code(MEANT)(connection)
        assert config_versions(connection) == {}
    assert tenant_breaches == []


def test_the_tests_own_statements_are_let_through(engine: Engine, tenant_breaches: list[str]) -> None:
    with reading(engine) as connection:
        connection.execute(select(calls))
        connection.exec_driver_sql("SELECT * FROM calls")
    assert tenant_breaches == []
