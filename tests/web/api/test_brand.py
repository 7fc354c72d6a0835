"""How a company looks, by the API: its colour, its language, its logo."""

import base64

import pytest

from tests.web.api.house import ANOTHER_HOST, House

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n and so on"


def sent(content: bytes) -> dict[str, str]:
    return {"content": base64.b64encode(content).decode()}


async def test_colour_and_language_are_set_and_taken_back(house: House) -> None:
    path = f"/companies/{house.ids['us']}"
    changed = await house.patch(path, {"colour": "#0B5F54", "language": "de"})
    assert (changed["colour"], changed["language"]) == ("#0b5f54", "de")
    assert (await house.patch(path, {"name": "Another"}))["colour"] == "#0b5f54"
    changed = await house.patch(path, {"colour": None, "language": None})
    assert (changed["colour"], changed["language"]) == (None, None)
    for wrong in ({"colour": "red"}, {"colour": ""}, {"language": "xx"}):
        assert (await house.ask("PATCH", path, wrong)).status_code == 422, wrong
    made = await house.make("/companies", {"name": "Third", "colour": "#ffffff", "language": "fr"})
    assert (made["colour"], made["language"]) == ("#ffffff", "fr")


async def test_a_logo_is_set_shown_and_removed(house: House) -> None:
    path = f"/companies/{house.ids['us']}/logo"
    assert (await house.get(path)) == {"url": None}
    kept = await house.ask("PUT", path, sent(PNG))
    url = kept.json()["url"]
    assert url.startswith(f"{ANOTHER_HOST}/logos/{house.ids['us']}/")
    assert (await house.get(path)) == {"url": url}
    await house.delete(path)
    assert (await house.get(path)) == {"url": None}


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", PNG + b"x" * 200 * 1024])
async def test_what_is_no_logo_is_refused(house: House, content: bytes) -> None:
    answer = await house.ask("PUT", f"/companies/{house.ids['us']}/logo", sent(content))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/content"
