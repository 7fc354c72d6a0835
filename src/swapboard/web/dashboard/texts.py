"""Text messages: what missed callers are written, what was sent and came in, who wants no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.calls.flow_store import company_lines
from swapboard.calls.nodes import LONGEST_MISSED_TEXT
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Door
from swapboard.clock import Millis
from swapboard.texts.store import list_stops, list_texts, replies_of, set_reply
from swapboard.texts.text import ANY_LINE, NUMBER, TextMessage, TextState, WhyNot
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import Words, _

PAGE = "/numbers/texts"
SHOWN = 30

STATE: Mapping[TextState, str] = Words(
    {
        TextState.WAITING: _("waits"),
        TextState.SENDING: _("is being sent"),
        TextState.SENT: _("sent"),
        TextState.FAILED: _("not sent"),
        TextState.DROPPED: _("not needed"),
        TextState.RECEIVED: _("came in"),
    }
)
WHY: Mapping[str, str] = Words(
    {
        WhyNot.STOPPED: _("they wrote STOP"),
        WhyNot.ANSWERED: _("somebody talked with them after all"),
        WhyNot.SPAM: _("the call was spam"),
        WhyNot.LATE: _("it is too long ago"),
        WhyNot.NO_TEXTS: _("their line takes no texts"),
        WhyNot.WITHHELD: _("their number is withheld"),
    }
)


@dataclass(frozen=True, slots=True)
class TextsView:
    """Everything the page shows."""

    everywhere: str
    own: Mapping[str, str]
    lines: Sequence[str]
    texts: Sequence[TextMessage]
    stops: Sequence[tuple[str, Millis]]
    doors: Sequence[tuple[str, str]]
    """(account, address) where carriers are to tell of texts."""


async def texts_page(request: Request, desk: Desk) -> Response:
    """What is written to whom."""
    return await _show(request, desk)


async def save_text(request: Request, desk: Desk) -> Response:
    """Set one number's words, or those of all."""
    require_change(desk)
    form = await read_form(request)
    line, text = form.one("line"), form.one("text").strip()
    same = form.one("do") == "same"
    if len(text) > LONGEST_MISSED_TEXT:
        problem = _("Write at most %s letters: a longer text costs more than two messages.")
        return await _show(request, desk, problem % LONGEST_MISSED_TEXT, 422, form)
    if "{" in text.replace(NUMBER, ""):
        problem = _("Only {number} can be filled in: the number that was called.")
        return await _show(request, desk, problem, 422, form)

    def write(connection: Connection) -> bool:
        if line != ANY_LINE and line not in company_lines(connection, desk.company_id)[0]:
            return False
        set_reply(connection, desk.company_id, line, None if same else text)
        return True

    if not await exchange_of(request).change(write):
        return await _show(request, desk, _("That is none of your tracking numbers."), 422, form)
    return RedirectResponse(PAGE, 303)


def text_routes() -> list[Route]:
    """The page and its form."""
    return [
        Route(PAGE, signed_in(texts_page), methods=["GET"]),
        Route(PAGE, signed_in(save_text), methods=["POST"]),
    ]


async def _show(
    request: Request, desk: Desk, problem: str = "", status: int = 200, typed: Form | None = None
) -> Response:
    """What was typed and could not be kept is shown again, with its number."""
    exchange = exchange_of(request)
    public_url = exchange.settings.public_url
    view = await exchange.read(lambda connection: _look(connection, desk, public_url))
    typed_for = {typed.one("line"): typed.one("text")} if typed else {}
    return page(
        "texts.html", status, desk=desk, view=view, problem=problem, typed_for=typed_for, STATE=STATE, WHY=WHY
    )


def _look(connection: Connection, desk: Desk, public_url: str) -> TextsView:
    replies = replies_of(connection, desk.company_id)
    tracking, _targets = company_lines(connection, desk.company_id)
    return TextsView(
        everywhere=replies.get(ANY_LINE, ""),
        own={line: text for line, text in sorted(replies.items()) if line},
        lines=sorted(tracking),
        texts=list_texts(connection, desk.company_id, SHOWN).rows,
        stops=list_stops(connection, desk.company_id),
        doors=[
            (row.name, f"{public_url}/carriers/{row.carrier_id}/{Door.MESSAGE}")
            for row in carrier_accounts(connection, desk.company_id)
        ],
    )
