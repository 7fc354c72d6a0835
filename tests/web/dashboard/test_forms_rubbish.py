"""Every field of every form that our pages offer, with what nobody types: it is taken, or refused in words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, cycle
from urllib.parse import quote_from_bytes

import httpx
import pytest

from swapboard.switchboard.exchange import Exchange
from tests.building import ON_SQLITE
from tests.web.api.house import House
from tests.web.dashboard.test_rights import all_ids, as_, house
from tests.web.dashboard.test_strangers_forms import BY_HAND, NOT_OFFERED, Offered, offered

__all__ = ["house"]
pytestmark = [pytest.mark.anyio, ON_SQLITE]

RUBBISH = (
    *("", "\0", "a\ud800b", "9" * 5_000, "-1", "1e400", "NaN", "٣", "0" * 32, "[" * 3_000),
    *("0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "24:61", "x" * 20_000),
    *("../../etc/passwd", "javascript:alert(1)", "+12025550199" * 3, "İ" * 40),
)


def spoilt(forms: Sequence[Offered]) -> Iterator[Offered]:
    """Each form with rubbish in one field after the other: some of all that there is."""
    rubbish = cycle(RUBBISH)
    for form in forms:
        for name in form.fields:
            for _each in range(2):
                yield replace(form, fields={**form.fields, name: [next(rubbish)]})
            yield replace(form, fields={each: said for each, said in form.fields.items() if each != name})
        yield replace(form, fields={name: [*said, *said, "x"] for name, said in form.fields.items()})


def unoffered(forms: Sequence[Offered]) -> Iterator[Offered]:
    """Those that no page shows here, with fields that other forms have."""
    names = sorted(
        {name for form in forms for name in form.fields} | {name for form in BY_HAND.values() for name in form}
    )
    for door in sorted(NOT_OFFERED):
        path = door.removeprefix("POST ")
        if "{" not in path:
            yield Offered(door, path, {name: ["x"] for name in names[:200]})
            yield Offered(door, path, {})


async def test_rubbish_in_any_field_is_taken_or_refused_in_words(house: House, exchange: Exchange) -> None:
    owner = await as_(house, "owner")
    forms = await offered(owner, await all_ids(house), exchange)
    # What logs the owner out, or has another company answer, comes last.
    forms = sorted(forms, key=lambda form: form.path.startswith(("/me/", "/companies/", "/logout")))
    sent = count()
    for form in [*spoilt(forms), *unoffered(forms)]:
        answer = await send(owner, form)
        told = form.door, {name: [each[:40] for each in said] for name, said in form.fields.items()}
        assert answer.status_code < 500, told
        assert answer.status_code < 400 or len(answer.text) > 20, told
        next(sent)
    assert next(sent) > 500


async def send(browser: httpx.AsyncClient, form: Offered) -> httpx.Response:
    """As a program could, which a lone surrogate does not keep from writing bytes."""
    pairs = [(name, value) for name, values in form.fields.items() for value in values]
    body = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
    headers = {"Origin": str(browser.base_url).rstrip("/"), "Content-Type": "application/x-www-form-urlencoded"}
    return await browser.post(form.path, content=body, headers=headers)


def quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")
