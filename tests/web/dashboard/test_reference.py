"""The reference page: every operation of the API is on it, its lines are right, and a GET can be tried."""

import ast
import json
import re
import shlex
from html import unescape

import pytest
from sqlalchemy import Connection, update

from swapboard.accounts.store import company_by_id
from swapboard.storage.schema import companies
from swapboard.web.api import ROUTES
from swapboard.web.api.entries import entries
from swapboard_client.api.operations import Operations
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import Browser, Shop

pytestmark = pytest.mark.anyio


def test_every_operation_has_lines_to_run() -> None:
    known = entries()
    assert {(each.method, each.path) for each in known} == {
        (method, route.path) for route in ROUTES for method in route.methods or ()
    }
    for each in known:
        line = shlex.split(each.curl("https://calls.example.com"))
        assert re.fullmatch(
            re.sub(r"\{\w+\}", "[A-Z_]+", f"https://calls.example.com/api/v1{each.path}"), line[-1]
        )
        assert "-d" not in line or json.loads(line[line.index("-d") + 1]) == json.loads(each.example)
        call = ast.parse(each.python(), mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        assert hasattr(Operations, call.func.attr)


@ON_SQLITE
async def test_a_resource_is_shown_with_what_it_takes(owner: Browser) -> None:
    html = (await owner.get("/reference?_of=calls")).text
    assert "GET /api/v1/calls/{call_id}" in html
    assert "Words that were said in the call, all of them." in html
    assert html.count('aria-current="page"') == 1
    assert "Authorization: Bearer $SWAPBOARD_KEY" in unescape(html)
    assert (await owner.get("/reference?_of=nothing")).status_code == 404


@ON_SQLITE
async def test_what_only_reads_is_tried_with_ones_own_rights(owner: Browser, shop: Shop) -> None:
    admitted = await shop.visit()
    call_id = await shop.ring(admitted.swaps[0].number)
    asked = f"/reference?_of=calls&_try=get_call&call_id={call_id}"
    shown = tried((await owner.get(asked)).text)
    assert shown["id"] == call_id
    listed = tried((await owner.get("/reference?_of=calls&_try=list_calls&limit=1&status=")).text)
    assert [each["id"] for each in listed["data"]] == [call_id]
    refused = tried((await owner.get("/reference?_of=calls&_try=get_call&call_id=../keys")).text)
    assert refused["status"] == 404
    # What changes something cannot be tried.
    assert 'role="status"><code>' not in (await owner.get("/reference?_of=calls&_try=change_calls")).text


@ON_SQLITE
async def test_of_the_account_only_the_company_at_hand_is_seen(owner: Browser, shop: Shop, stranger: Shop) -> None:
    def of_one_account(connection: Connection) -> None:
        ours = company_by_id(connection, shop.company_id)
        assert ours
        its = update(companies).where(companies.c.company_id == stranger.company_id)
        connection.execute(its.values(account_id=ours.account_id))

    await shop.exchange.change(of_one_account)
    listed = tried((await owner.get("/reference?_of=companies&_try=list_companies")).text)
    assert [each["id"] for each in listed["data"]] == [shop.company_id]
    asked = f"/reference?_of=companies&_try=get_company&company_id={stranger.company_id}"
    assert tried((await owner.get(asked)).text)["status"] == 404


def tried(html: str) -> dict[str, object]:
    found = re.search(r'role="status"><code>.*?</p>\s*<pre class="code">(.*?)</pre>', html, re.DOTALL)
    assert found, html
    told: dict[str, object] = json.loads(unescape(found[1]))
    return told
