"""What holders' earlier calls tell is looked up by the holders, however many calls the company has."""

from typing import Any

import pytest
from sqlalchemy import Engine, event

from swapboard.attribution.holder import Holder
from swapboard.attribution.holders import add_calls, holders_of, told_by_calls
from swapboard.storage.engine import reading
from tests.building import NOW


def test_earlier_calls_are_found_by_who_may_have_made_them(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by what it has counted")
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        asked.append((statement, parameters))

    with reading(engine) as connection:
        event.listen(engine, "before_cursor_execute", note)
        told_by_calls(connection, "ours", NOW, "call", {"s": Holder("s", "a", NOW, NOW)})
        add_calls(connection, "ours", NOW, {})
        holders_of(connection, "ours", "number", NOW, "call", ["a", "b"])
        cursor = connection.connection.cursor()
        plans = [cursor.execute(f"EXPLAIN QUERY PLAN {statement}", told).fetchall() for statement, told in asked]
    assert "ix_call_candidates_session (company_id=? AND session_id=?)" in str(plans[0])
    assert "ix_sessions_visitor" in str(plans[0])
    assert "ix_call_candidates_session" in str(plans[1])
    assert "ix_calls_started" not in str(plans)
    assert "ix_leases_number" in str(plans[2])
    assert "ix_sessions_visitor" in str(plans[3])
    assert "ix_leases_number" not in str(plans[3])
    assert "ux_leases_live_number" not in str(plans[3])
