"""Whose calls are recorded, and for how long it is kept: by the API."""

import pytest

from swapboard.calls.recording import NOTICE
from tests.one_server import on_one_server
from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio


async def test_nothing_is_recorded_until_somebody_says_so(house: House) -> None:
    await house.furnish()
    [everywhere] = (await house.get("/recording/policies"))["data"]
    assert (everywhere["number"], everywhere["mode"], everywhere["notice"]) == (None, "off", NOTICE)


async def test_a_number_may_have_a_policy_of_its_own(house: House) -> None:
    ids = await house.furnish()
    await house.patch("/recording/policies/default", {"mode": "by_law"})
    own = await house.patch(f"/recording/policies/{ids['billboard']}", {"notice": "We record this."})
    assert (own["number"], own["mode"], own["notice"]) == (BILLBOARD, "by_law", "We record this.")
    routes = house.exchange.directory.routes.companies[ids["company"]]
    assert routes.recording[BILLBOARD].notice == "We record this."
    await house.delete(f"/recording/policies/{ids['billboard']}")
    await house.delete("/recording/policies/default")
    [everywhere] = (await house.get("/recording/policies"))["data"]
    assert everywhere["mode"] == "off"


async def test_how_long_it_is_kept_is_changed_field_by_field(house: House) -> None:
    usual = await house.get("/recording/keeping")
    changed = await house.patch("/recording/keeping", {"talk_days": 30})
    assert changed == usual | {"talk_days": 30} == await house.get("/recording/keeping")


@on_one_server(
    ("path", "wrong"),
    [
        ("policies/default", {"mode": "always"}),
        ("policies/default", {"notice": "x" * 3_000}),
        ("policies/default", {"mode": None}),
        ("keeping", {"talk_days": 0}),
        ("keeping", {"message_days": 4_000}),
        ("keeping", {"days": 3}),
    ],
)
async def test_what_makes_no_sense_is_refused_at_its_field(
    house: House, path: str, wrong: dict[str, object]
) -> None:
    answer = await house.ask("PATCH", f"/recording/{path}", wrong)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.text


async def test_a_number_that_is_not_there_has_no_policy(house: House) -> None:
    assert (await house.ask("PATCH", "/recording/policies/nobody", {"mode": "off"})).status_code == 404
    assert (await house.ask("DELETE", "/recording/policies/nobody")).status_code == 404
