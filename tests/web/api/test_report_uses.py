"""Saved reports by the API: sent regularly, and shared by links."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy import Connection, select
from starlette.applications import Starlette

from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user
from swapboard.reports.schedule_store import stop_recipient
from swapboard.storage.ids import new_id
from swapboard.storage.schema import emails
from swapboard.web.shared_reports import SharedReportDoor
from tests.web.api.house import House

pytestmark = pytest.mark.anyio
DAILY = {"cadence": "daily", "hour": 8, "recipients": ["ada@example.com", "ada@example.com", "bo@example.com"]}


async def view(house: House, address: str = "/reports?days=7d") -> str:
    made = await house.make("/reports/views", {"name": "All", "address": address})
    return f"/reports/views/{made['id']}"


async def test_it_is_sent_regularly_until_it_is_deleted(house: House) -> None:
    path = f"{await view(house)}/schedules"
    made = await house.make(path, DAILY)
    assert [each["address"] for each in made["recipients"]] == ["ada@example.com", "bo@example.com"]
    assert made["made_by"].startswith("key ")
    one = f"{path}/{made['id']}"
    assert (await house.ask("GET", one)).json() == made
    assert (await house.ask("GET", path)).json()["data"] == [made]
    assert (await house.ask("DELETE", one)).status_code == 204
    assert (await house.ask("DELETE", one)).status_code == 404


async def test_when_and_to_whom_it_is_sent_changes_but_who_stopped_it_stays_stopped(house: House) -> None:
    path = f"{await view(house)}/schedules"
    made = await house.make(path, DAILY)
    company_id = house.ids["us"]
    now = house.clock()
    await house.exchange.change(
        lambda connection: stop_recipient(connection, company_id, made["id"], "ada@example.com", now)
    )
    one = f"{path}/{made['id']}"
    moved = await house.patch(one, {"cadence": "weekly", "hour": 9})
    # 24 November 2026 is a Tuesday; New York is five hours behind.
    assert (moved["cadence"], moved["hour"], moved["due_at"]) == ("weekly", 9, "2026-11-30T14:00:00.000Z")
    assert [each["address"] for each in moved["recipients"]] == ["ada@example.com", "bo@example.com"]
    others = await house.patch(one, {"recipients": ["ada@example.com", "cy@example.com", "cy@example.com"]})
    stopped = {each["address"]: each["stopped_at"] is not None for each in others["recipients"]}
    assert stopped == {"ada@example.com": True, "cy@example.com": False}
    assert (others["cadence"], others["due_at"]) == ("weekly", moved["due_at"])
    assert await house.get(one) == others
    for wrong in ({"hour": 24}, {"recipients": []}, {"cadence": None}, {"due_at": "2026-11-30"}):
        assert (await house.ask("PATCH", one, wrong)).status_code == 422, wrong
    assert await house.get(one) == others


async def test_it_is_sent_now_once_to_each(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{await view(house)}/send"
    sent = {"recipients": ["ada@example.com", "bo@example.com", "ada@example.com"]}
    assert (await house.ask("POST", path, sent)).json()["code"] == "no_mail_server"
    mailing = replace(house.exchange.settings, smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setattr(house.exchange, "settings", mailing)
    for _twice in range(2):
        answer = await house.ask("POST", path, sent, headers={"Idempotency-Key": "once"})
        assert answer.status_code == 202
        assert answer.json()["recipients"] == ["ada@example.com", "bo@example.com"]
    assert (await house.ask("POST", path, {"recipients": ["nobody"]})).status_code == 422

    def waiting(connection: Connection) -> list[tuple[str, bool]]:
        rows = connection.execute(select(emails).order_by(emails.c.recipient))
        return [(row.recipient, "key owner sent you this." in row.plain) for row in rows]

    assert await house.exchange.read(waiting) == [("ada@example.com", True), ("bo@example.com", True)]


async def let_bo_in(house: House) -> None:
    bo = User(new_id(house.clock()), house.ids["us"], "bo@example.com", "Bo", Role.READ_ONLY, house.clock())
    await house.exchange.change(lambda connection: add_user(connection, bo, None))


async def test_an_analyst_s_key_sends_to_the_company_s_own_people_only(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{await view(house)}/send"
    mailing = replace(house.exchange.settings, smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setattr(house.exchange, "settings", mailing)
    await let_bo_in(house)
    for to, status in ((["Bo@example.com"], 202), (["bo@example.com", "ada@example.com"], 403)):
        answer = await house.ask("POST", path, {"recipients": to}, who="analyst")
        assert answer.status_code == status, answer.text
    assert "ada@example.com is nobody of this company" in answer.text
    assert (await house.ask("POST", path, {"recipients": ["ada@example.com"]}, who="admin")).status_code == 202


async def test_who_goes_is_sent_nothing_more_and_the_others_are(house: House) -> None:
    path = f"{await view(house)}/schedules"
    await let_bo_in(house)
    made = await house.make(path, DAILY | {"recipients": ["Bo@example.com", "ada@example.com"]})
    (bo,) = [each for each in (await house.get("/people"))["data"] if each["email"] == "bo@example.com"]
    await house.patch(f"/people/{bo['id']}", {"role": "read_only"})
    assert len((await house.get(f"{path}/{made['id']}"))["recipients"]) == 2
    assert (await house.ask("DELETE", f"/people/{bo['id']}")).status_code == 204
    left = (await house.get(f"{path}/{made['id']}"))["recipients"]
    assert [each["address"] for each in left] == ["ada@example.com"]


async def test_regularly_too_and_whom_an_admin_chose_stays(house: House) -> None:
    path = f"{await view(house)}/schedules"
    await let_bo_in(house)
    assert (await house.ask("POST", path, DAILY, who="analyst")).status_code == 403
    mine = await house.make(path, DAILY | {"recipients": ["bo@example.com"]}, who="analyst")
    theirs = await house.make(path, DAILY | {"recipients": ["ada@example.com"]}, who="admin")
    for schedule, change, status in (
        (mine, {"recipients": ["bo@example.com", "ada@example.com"]}, 403),
        (theirs, {"recipients": ["ada@example.com", "bo@example.com"]}, 200),
        (theirs, {"hour": 9}, 200),
    ):
        answer = await house.ask("PATCH", f"{path}/{schedule['id']}", change, who="analyst")
        assert answer.status_code == status, answer.text
    sent = {each["id"]: [one["address"] for one in each["recipients"]] for each in (await house.get(path))["data"]}
    assert sent == {mine["id"]: ["bo@example.com"], theirs["id"]: ["ada@example.com", "bo@example.com"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"cadence": "hourly"},
        {"hour": 24},
        {"recipients": []},
        {"recipients": ["nobody"]},
        {"recipients": ["a@example.com, b@example.com"]},
        {"recipients": [f"a{number}@example.com" for number in range(200)]},
    ],
)
async def test_what_cannot_be_sent_is_said(house: House, wrong: dict[str, object]) -> None:
    path = f"{await view(house)}/schedules"
    assert (await house.ask("POST", path, DAILY | wrong)).status_code == 422
    assert (await house.ask("GET", path)).json()["data"] == []


async def test_only_some_reports_can_be_sent_and_shared(house: House) -> None:
    path = await view(house, "/reports/calls?days=7d")
    for use, said in (("schedules", DAILY), ("links", {"days": 7})):
        answer = await house.ask("POST", f"{path}/{use}", said)
        assert answer.status_code == 422
        assert "can be sent or shared" in answer.text


async def test_no_more_than_ten_are_sent(house: House) -> None:
    path = f"{await view(house)}/schedules"
    for hour in range(10):
        await house.make(path, DAILY | {"hour": hour})
    assert (await house.ask("POST", path, DAILY)).json()["code"] == "too_many"


async def test_a_link_opens_the_report_until_it_is_revoked(house: House) -> None:
    path = f"{await view(house)}/links"
    made = await house.make(path, {"days": 365})
    url = made.pop("url")
    one = f"{path}/{made['id']}"
    assert (await house.ask("GET", one)).json() == made
    assert "url" not in (await house.ask("GET", path)).json()["data"][0]
    door = Starlette(routes=SharedReportDoor(house.exchange).routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(door), base_url="https://calls.example.com"
    ) as guest:
        seen = await guest.get(httpx.URL(url).path)
        assert seen.status_code == 200
        assert "All" in seen.text
        assert (await house.ask("DELETE", one)).status_code == 204
        assert (await guest.get(httpx.URL(url).path)).status_code == 404
    assert (await house.ask("GET", one)).json()["is_open"] is False
    assert (await house.ask("DELETE", one)).status_code == 404


async def test_a_link_sent_twice_is_made_once(house: House) -> None:
    path = f"{await view(house)}/links"
    headers = {"Idempotency-Key": "once"}
    first, again = [await house.ask("POST", path, {"days": 7}, headers=headers) for _ in range(2)]
    assert first.json() == again.json()
    assert len((await house.ask("GET", path)).json()["data"]) == 1


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 366}, {"days": 7, "password": "short"}, {}])
async def test_what_is_no_link_is_said(house: House, wrong: dict[str, object]) -> None:
    path = f"{await view(house)}/links"
    assert (await house.ask("POST", path, wrong)).status_code == 422
    assert (await house.ask("GET", path)).json()["data"] == []


async def test_its_pdf_is_the_one_that_is_sent(house: House) -> None:
    path = await view(house)
    answer = await house.ask("GET", f"{path}/pdf", who="analyst")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''All.pdf"
    no_report = await view(house, "/reports/calls?days=7d")
    assert (await house.ask("GET", f"{no_report}/pdf")).status_code == 422
