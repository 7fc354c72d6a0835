"""Costs by the API: told, told again, and listed a page at a time."""

import pytest

from tests.web.api.house import House

pytestmark = pytest.mark.anyio


def line(day: str, micros: int, **more: object) -> dict[str, object]:
    return {"day": day, "micros": micros, "currency": "USD", **more}


async def test_a_day_that_is_told_again_is_replaced(house: House) -> None:
    first = [line("2026-11-23", 5), line("2026-11-24", 7, campaign="Spring"), line("2026-11-24", 8)]
    made = await house.ask("POST", "/costs", {"feed": "radio", "lines": first})
    assert (made.status_code, made.json()) == (201, {"feed": "radio", "lines": 3, "days": 2, "replaced": 0})
    again = await house.ask("POST", "/costs", {"feed": "radio", "lines": [line("2026-11-24", 9, keyword="drain")]})
    assert again.json()["replaced"] == 2
    listed = (await house.ask("GET", "/costs")).json()["data"]
    assert [(each["day"], each["micros"], each["keyword"]) for each in listed] == [
        ("2026-11-23", 5, ""),
        ("2026-11-24", 9, "drain"),
    ]


async def test_pages_and_days(house: House) -> None:
    lines = [line(f"2026-11-{day:02}", day) for day in range(1, 8)]
    await house.ask("POST", "/costs", {"feed": "radio", "lines": lines})
    seen, cursor = [], ""
    while cursor is not None:
        answer = (await house.ask("GET", f"/costs?first_day=2026-11-02&limit=4&cursor={cursor}")).json()
        seen += [each["micros"] for each in answer["data"]]
        cursor = answer["next_cursor"]
    assert seen == [2, 3, 4, 5, 6, 7]
    assert (await house.ask("GET", "/costs?last_day=2026-11-01")).json()["data"][0]["feed"] == "radio"


@pytest.mark.parametrize(
    "wrong",
    [
        {"feed": "a feed", "lines": [line("2026-11-24", 1)]},
        {"feed": "placement", "lines": [line("2026-11-24", 1)]},
        {"feed": "radio", "lines": []},
        {"feed": "radio", "lines": [line("2026-11-31", 1)]},
        {"feed": "radio", "lines": [line("2026-11-24", 1) | {"currency": "dollars"}]},
        {"feed": "radio", "lines": [line("2026-11-24", 10**16)]},
    ],
)
async def test_what_cannot_be_is_said(house: House, wrong: dict[str, object]) -> None:
    assert (await house.ask("POST", "/costs", wrong)).status_code == 422
    assert (await house.ask("GET", "/costs")).json()["data"] == []
