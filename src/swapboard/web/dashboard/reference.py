"""The reference page of the API: each operation with what it takes, lines to run, and a form to try a GET."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import httpx
from anyio.to_thread import run_sync
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swapboard.web.api import PREFIX
from swapboard.web.api.entries import Entry, entries
from swapboard.web.api.inside import Inside
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _

_MOST_SHOWN = 20_000
_CODE = re.compile(r"`([^`]+)`")
OF, TRY = "_of", "_try"
"""The page's own words in its address; all others are the operation's."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying an operation."""

    name: str
    asked: str
    status: int
    shown: str
    typed: Mapping[str, str]


async def reference_page(request: Request, desk: Desk) -> Response:
    """All resources, or the operations of one; a GET can be tried as the person who looks."""
    known = await run_sync(entries)
    resources = list(dict.fromkeys(each.resource for each in known))
    chosen = request.query_params.get(OF, resources[0])
    if chosen not in resources:
        raise HTTPException(404)
    url = exchange_of(request).settings.public_url
    shown = [each for each in known if each.resource == chosen]
    tried = await _tried(request, desk, shown)
    return page(
        "reference.html",
        desk=desk,
        resources=resources,
        chosen=chosen,
        entries=shown,
        url=url,
        tried=tried,
        coded=coded,
    )


def coded(words: str) -> Markup:
    """A description as HTML: what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(words))))  # noqa: S704 escaped the line before


async def _tried(request: Request, desk: Desk, shown: Sequence[Entry]) -> Tried | None:
    wanted = request.query_params.get(TRY)
    entry = next((each for each in shown if each.name == wanted and each.can_be_tried), None)
    if entry is None:
        return None
    typed = {name: value.strip() for name, value in request.query_params.items() if name not in {OF, TRY}}
    path = entry.path
    for each in entry.takes:
        if each.where == "path":
            path = path.replace(f"{{{each.name}}}", quote(typed.get(each.name) or "-", safe=""))
    known = [each.name for each in entry.takes if each.where == "query"]
    params = [(name, value) for name, value in typed.items() if name in known and value]
    inside = Inside(exchange_of(request))
    answer = await inside.get(desk.user, desk.company, desk.now, path, params)
    asked = f"{PREFIX}{path}" + (f"?{urlencode(params)}" if params else "")
    return Tried(entry.name, asked, answer.status_code, _pretty(answer), typed)


def _pretty(answer: httpx.Response) -> str:
    text = json.dumps(answer.json(), indent=2, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}\n{_('… and more.')}"
