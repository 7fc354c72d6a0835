"""Turns templates into pages: escaping on, words translated, instants and numbers as the company writes them."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.responses import HTMLResponse

from swapboard.amount import typed_amount
from swapboard.calls.call import LegStatus, Status
from swapboard.language import LANGUAGES, _, arrow, current, direction, duration, lowered, ngettext, weekday
from swapboard.numbers.advice import AS_USUAL
from swapboard.numbers.board import NumberState
from swapboard.visits.visit import EventKind, Presence
from swapboard.web.dashboard import lead_words, role_words, rule_words, spans, urls, words, written
from swapboard.web.dashboard.moments import spelled
from swapboard.web.dashboard.reason_words import REASON
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.troubles import told_of

STATIC = Path(__file__).parent / "static"


@cache
def static_url(name: str) -> str:
    """The address of one of our static files; it changes with the content, so that it can be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def _with_written_numbers(plural: object) -> Callable[..., object]:
    """The templates' own `ngettext`, but `1,234 calls` instead of `1234 calls`, as each language writes it."""

    assert callable(plural)

    @pass_context
    def counted(context: Context, one: str, many: str, num: int, **said: object) -> object:
        told = {k: written.figure(each) if isinstance(each, int | Decimal) else each for k, each in said.items()}
        return plural(context, one, many, num, **told)

    return counted


def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("swapboard.web.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds this method, which the class itself does not have.
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["ngettext"] = _with_written_numbers(made.globals["ngettext"])
    made.globals.update(
        words=words,
        lead_words=lead_words,
        role_words=role_words,
        rule_words=rule_words,
        spans=spans,
        urls=urls,
        written=written,
        typed_amount=typed_amount,
        weekday=weekday,
        duration=duration,
        spelled=spelled,
        lowered=lowered,
        static_url=static_url,
        Status=Status,
        LegStatus=LegStatus,
        NumberState=NumberState,
        AS_USUAL=AS_USUAL,
        EventKind=EventKind,
        Presence=Presence,
        language=current,
        direction=direction,
        arrow=arrow,
        # For texts that come from elsewhere: `_` of a template takes its text for HTML with placeholders.
        translated=_,
        LANGUAGES=LANGUAGES,
        retold=retold,
        told_of=told_of,
        REASON=REASON,
    )
    return made


_ENVIRONMENT = environment()


def text(template: str, **context: object) -> str:
    """A template as text."""
    return _ENVIRONMENT.get_template(template).render(context)


def page(
    template: str, status: int = 200, headers: dict[str, str] | None = None, **context: object
) -> HTMLResponse:
    """A template as a response."""
    return HTMLResponse(text(template, **context), status, headers)


def message(status: int, title: str, words_: str, headers: dict[str, str] | None = None) -> HTMLResponse:
    """A page that only says something, such as what went wrong."""
    return page("message.html", status, headers, title=title, words_=words_)
