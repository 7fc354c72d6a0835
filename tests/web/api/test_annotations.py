"""Notes on days by the API."""

import pytest

from tests.one_server import on_one_server
from tests.web.api.house import House

pytestmark = pytest.mark.anyio
PATH = "/reports/annotations"


async def test_a_note_is_written_changed_and_deleted(house: House) -> None:
    made = await house.make(PATH, {"day": "2026-11-24", "text": " New   page "})
    assert (made["day"], made["text"]) == ("2026-11-24", "New page")
    assert made["made_by"].startswith("key ")
    one = f"{PATH}/{made['id']}"
    changed = (await house.ask("PATCH", one, {"day": "2026-11-23"})).json()
    assert changed == made | {"day": "2026-11-23"}
    assert (await house.ask("PATCH", one, {"text": "Radio"})).json() == changed | {"text": "Radio"}
    assert (await house.ask("DELETE", one)).status_code == 204
    assert (await house.ask("GET", one)).status_code == 404


async def test_pages_and_days(house: House) -> None:
    for day in range(1, 8):
        await house.make(PATH, {"day": f"2026-11-{day:02}", "text": str(day)})
    seen, cursor = [], ""
    while cursor is not None:
        asked = f"{PATH}?first_day=2026-11-02&last_day=2026-11-06&limit=3&cursor={cursor}"
        answer = (await house.ask("GET", asked)).json()
        seen += [each["text"] for each in answer["data"]]
        cursor = answer["next_cursor"]
    assert sorted(seen) == ["2", "3", "4", "5", "6"]


@on_one_server(
    "wrong",
    [
        {"day": "2026-11-31", "text": "x"},
        {"day": "1026-11-30", "text": "x"},
        {"day": "", "text": "x"},
        {"day": "2026-11-24", "text": " "},
        {"day": "2026-11-24", "text": "x" * 201},
        {"day": "2026-11-24", "text": "a\0b"},
        {"day": "2026-11-24"},
    ],
)
async def test_what_cannot_be_is_said(house: House, wrong: dict[str, str]) -> None:
    assert (await house.ask("POST", PATH, wrong)).status_code == 422
    assert (await house.ask("GET", PATH)).json()["data"] == []


async def test_there_is_a_most(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swapboard.reports.annotation_store.MOST_ANNOTATIONS", 1)
    await house.make(PATH, {"day": "2026-11-24", "text": "New page"})
    refused = await house.ask("POST", PATH, {"day": "2026-11-24", "text": "One more"})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many")
