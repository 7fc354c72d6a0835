"""The journal by the API: what the page shows, for programs."""

import pytest
from sqlalchemy import Connection

from swapboard.accounts.audit import Act, note
from tests.web.api.house import CALLER, House

pytestmark = pytest.mark.anyio


async def write(house: House, actor: str, act: Act, subject: str) -> None:
    def into(connection: Connection) -> None:
        note(connection, house.ids["us"], actor, act, subject, house.clock())

    await house.exchange.change(into)
    house.clock.pass_by(60)


async def test_it_is_read_page_by_page_newest_first_and_by_what_was_done(house: House) -> None:
    await write(house, "olga@example.com", Act.HEARD, "rec1")
    await write(house, "ada@example.com", Act.HEARD, "rec2")
    await write(house, "ada@example.com", Act.CHANGED, "/company")
    first = await house.get("/journal", limit=2)
    rest = await house.get("/journal", limit=2, cursor=first["next_cursor"])
    assert [each["subject"] for each in [*first["data"], *rest["data"]]] == ["/company", "rec2", "rec1"]
    assert (len(first["data"]), rest["next_cursor"]) == (2, None)
    for asked, found in (
        ({"actor": "ADA"}, ["/company", "rec2"]),
        ({"act": "heard"}, ["rec2", "rec1"]),
        ({"act": "heard", "actor": "olga"}, ["rec1"]),
        ({"subject": "company"}, ["/company"]),
        ({"from": "2026-11-24T07:01:00Z", "to": "2026-11-24T07:02:00Z"}, ["rec2"]),
    ):
        told = await house.get("/journal", **asked)
        assert [each["subject"] for each in told["data"]] == found, asked
    assert first["data"][0]["happened_at"] == "2026-11-24T07:02:00.000Z"
    assert (await house.get("/journal", who="stranger"))["data"] == []


async def test_what_a_key_changes_stands_in_it_once_and_what_is_refused_does_not(house: House) -> None:
    async def told() -> list[tuple[str, str]]:
        return [(each["actor"], each["subject"]) for each in (await house.get("/journal", act="changed"))["data"]]

    once = {"Idempotency-Key": "once"}
    for _twice in range(2):
        site = await house.make("/sites", {"name": "Shop", "hosts": []}, who="admin", headers=once)
    path = f"/sites/{site['id']}"
    house.clock.pass_by(1)
    await house.patch(path, {"name": "Store"})
    assert (await house.ask("PATCH", path, {"name": ""})).status_code == 422
    assert (await house.ask("PATCH", path, {"name": "Mine"}, who="analyst")).status_code == 403
    await house.get(path)
    made, changed = ("key admin", "POST /api/v1/sites"), ("key owner", f"PATCH /api/v1{path}")
    assert await told() == [changed, made]
    house.clock.pass_by(1)
    assert (await house.ask("POST", "/texts/stops", {"number": CALLER})).status_code == 200
    assert (await told())[0] == ("key owner", "POST /api/v1/texts/stops"), "and what is no set-up"
    await house.make("/keys", {"name": "new"})
    assert len(await told()) == 3, "keys are noted as made"


@pytest.mark.parametrize(
    "wrong", [{"act": "laughed"}, {"from": "yesterday"}, {"cursor": "nonsense"}, {"who": "x"}]
)
async def test_a_wrong_question_is_said(house: House, wrong: dict[str, str]) -> None:
    assert (await house.ask("GET", "/journal", params=wrong)).status_code == 422
