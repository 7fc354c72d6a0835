"""When the database is busy or away, the API says so and asks to come back; it never fails with a 500."""

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from swapboard.storage.writer import Overloaded
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api.problem import as_problem
from tests.building import without_database
from tests.web.api.house import House

pytestmark = pytest.mark.anyio


async def test_too_much_waiting_asks_to_come_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def overloaded(*_: object) -> None:
        raise Overloaded

    await house.get("/sites")
    monkeypatch.setattr(Exchange, "change", overloaded)
    answer = await house.ask("POST", "/sites", {"name": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"] == "application/problem+json"
    house.clock.pass_by(7_200)
    assert (await house.ask("GET", "/sites")).status_code == 200


async def test_a_database_that_is_gone_is_said_so(house: House, migrated_url: str) -> None:
    await house.get("/sites")
    with without_database(migrated_url, house.exchange.engine):
        for method, body in (("GET", None), ("POST", {"name": "x"})):
            answer = await house.ask(method, "/sites", body)
            assert answer.status_code == 503, answer.text
            assert answer.json()["code"] == "unavailable"
            assert int(answer.headers["retry-after"]) > 0


async def test_a_fault_of_ours_tells_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(Exchange, "read", broken)
    answer = await house.ask("GET", "/sites")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.json()["code"] == "failed"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("SELECT", {}, Exception("gone")), 503),
        (NoFreeConnection(), 503),
        (IntegrityError("INSERT", {}, Exception("twice")), 409),
        (KeyError("x"), 500),
    ],
)
def test_errors_have_their_status(error: Exception, status: int) -> None:
    problem = as_problem(error)
    assert problem.status == status
    assert "SELECT" not in problem.detail
