"""Pages of every list: each row once, whatever the limit, and cursors that are none."""

import json
from collections.abc import Mapping

import pytest

from swapboard.web.api import ROUTES
from tests.web.api.house import House
from tests.web.api.test_rights import address, furnished

pytestmark = pytest.mark.anyio


async def walk(house: House, path: str, limit: int) -> list[str]:
    seen: list[str] = []
    cursor = None
    for _ in range(100):
        page = await house.get(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert len(page["data"]) <= limit
        seen += [each["id"] for each in page["data"]]
        if (cursor := page["next_cursor"]) is None:
            return seen
    raise AssertionError("the list has no end")


async def rows(house: House, path: str, limit: int) -> list[object]:
    """All that the list has, in its order."""
    seen: list[object] = []
    cursor = None
    for _ in range(300):
        page = await house.get(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert len(page["data"]) <= limit
        seen += page["data"]
        if (cursor := page["next_cursor"]) is None:
            return seen
    raise AssertionError("the list has no end")


async def fill(house: House, ids: Mapping[str, str]) -> dict[str, set[str]]:
    """Five to eight of everything, some in the same millisecond, some later."""
    ids = {name.strip("{}").removesuffix("_id"): value for name, value in ids.items()}
    made: dict[str, set[str]] = {"/companies": {house.ids["us"]}, "/calls": set(), "/sessions": set()}
    for path in ("/sites", "/swap-targets", "/pools", "/rules"):
        made[path] = {ids[{"/swap-targets": "target"}.get(path, path[1:-1])]}
    for index in range(5):
        house.clock.pass_by(index % 2)
        for path, new in (
            ("/companies", {"name": "Another"}),
            ("/sites", {"name": "Another"}),
            ("/swap-targets", {"number": f"+1202555017{index}"}),
            ("/pools", {"name": f"Another {index}", "target_id": ids["target"]}),
            ("/rules", {"name": "Another", "outcome": "leave"}),
        ):
            made[path].add((await house.make(path, new))["id"])
        admitted = await house.visit(ids["company"], ids["site"])
        made["/sessions"].add(admitted.session_id)
        made["/calls"].add(await house.ring(ids["company"], "+12025550120", ref=f"CA{index}"))
    return made


async def test_every_list_is_walked_once(house: House) -> None:
    made = await fill(house, await house.furnish())
    for path, ids in made.items():
        for limit in (1, 2, 3, 200):
            seen = await walk(house, path, limit)
            assert len(seen) == len(set(seen)), path
            assert set(seen) == ids, path
    assert len(await walk(house, "/numbers", 3)) == 4
    assert len(await walk(house, "/keys", 2)) == 7


async def test_calls_and_sessions_come_newest_first_all_else_oldest_first(house: House) -> None:
    await fill(house, await house.furnish())
    for path, field, newest_first in (
        ("/calls", "started_at", True),
        ("/sessions", "started_at", True),
        ("/sites", "created_at", False),
        ("/companies", "created_at", False),
    ):
        times = [each[field] for each in (await house.get(path))["data"]]
        assert times == sorted(times, reverse=newest_first)
        assert len(set(times)) > 1


async def test_a_walk_goes_on_past_a_row_that_was_removed(house: House) -> None:
    for index in range(4):
        house.clock.pass_by(1)
        await house.make("/sites", {"name": str(index)})
    first = await house.get("/sites", limit=2)
    await house.delete(f"/sites/{first['data'][1]['id']}")
    second = await house.get("/sites", limit=2, cursor=first["next_cursor"])
    assert [each["name"] for each in second["data"]] == ["2", "3"]


LISTS = [
    route.path
    for route in ROUTES
    if route.methods == {"GET"}
    and any(
        "cursor" in getattr(each.field_info.annotation, "model_fields", {})
        for each in route.dependant.query_params
    )
]
POSITIONS = {"/rules", "/lead-rules"}
"""Lists whose order is a number of four bytes."""


async def test_every_list_there_is_goes_page_by_page_to_its_end(house: House) -> None:
    """Whatever the limit: the same rows in the same order, each once, and null at the end."""
    ids = await furnished(house)
    await fill(house, ids)
    assert len(LISTS) >= 25
    for path in (address(f"GET {each}", ids)[1] for each in LISTS):
        whole = (await house.get(path, limit=200))["data"]
        for limit in (1, 2, 3):
            assert await rows(house, path, limit) == whole, (path, limit)
        assert len({json.dumps(each) for each in whole}) == len(whole), path


async def test_every_list_there_is_refuses_bad_limits_and_cursors(house: House) -> None:
    # The last two are null and [1, "'--"]: no place in a list, and SQL.
    cursors = ["x", "é", "%00", "a" * 201, "WzEsMl0", "bnVsbA", "WzEsIictLSJd"]
    limits = ["0", "-1", "201", "1e3", "x", "", "9" * 30]
    asked = [*(("cursor", each) for each in cursors), *(("limit", each) for each in limits)]
    for path in (each for each in LISTS if "{" not in each):
        for name, value in asked:
            answer = await house.ask("GET", path, params={name: value})
            assert answer.status_code == 422, (path, name, value, answer.text)
            assert answer.json()["errors"][0]["parameter"] == name
        # [2**62, "a"]: a position that no 4-byte integer holds.
        vast = await house.ask("GET", path, params={"cursor": "WzQ2MTE2ODYwMTg0MjczODc5MDQsImEiXQ"})
        assert vast.status_code == (422 if path in POSITIONS else 200), path
