"""What a company listens for in its calls, and whether they are written down at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.calls.lead_rule_store import rules_of
from swapboard.calls.lead_rules import phrases_in
from swapboard.calls.phrase_store import (
    PhraseRecord,
    TooMany,
    WordSettings,
    calls_by_phrase,
    drop_phrase,
    phrases_of,
    put_phrase,
    set_word_settings,
    word_settings_of,
)
from swapboard.calls.phrases import LONGEST_PHRASE, Meaning, Phrase, SaidBy, forms_of, tidy_phrase
from swapboard.calls.verdict import LONGEST_TAG
from swapboard.clock import DAY
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.stamp import is_overtaken, overtaken_words, stamp_of
from swapboard.web.dashboard.translation import Words, _

WORDS = "/words"
COUNTED_DAYS = 90
LANGUAGES: Mapping[str, str] = Words(
    {
        "": _("Found out, call by call"),
        "en": _("English"),
        "es": _("Spanish"),
        "fr": _("French"),
        "de": _("German"),
        "it": _("Italian"),
        "nl": _("Dutch"),
        "pl": _("Polish"),
        "pt": _("Portuguese"),
        "zh": _("Chinese"),
    }
)


@dataclass(frozen=True, slots=True)
class ListenView:
    """Everything the page shows."""

    settings: WordSettings
    phrases: Sequence[PhraseRecord]
    by_rules: Sequence[str]
    """What only the rules for good leads ask for."""
    counts: Mapping[str, int]
    """In how many calls of the last ninety days each was said."""


async def words_page(request: Request, desk: Desk) -> Response:
    """What is listened for, and how often it was said."""
    return await _show(request, desk)


async def save_words(request: Request, desk: Desk) -> Response:
    """Write calls down or not, listen for something more or no more: by which form was sent."""
    require_change(desk)
    form = await read_form(request)
    match form.one("do"):
        case "settings":
            return await _save_settings(request, desk, form)
        case "add":
            return await _add(request, desk, form)
        case "remove":
            phrase_id = form.one("phrase_id")
            await exchange_of(request).change(
                lambda connection: drop_phrase(connection, desk.company_id, phrase_id, desk.now)
            )
    return RedirectResponse(f"{WORDS}#phrases", 303)


async def _save_settings(request: Request, desk: Desk, form: Form) -> Response:
    language, transcribes = form.one("language"), form.one("transcribes") == "yes"

    def write(connection: Connection) -> tuple[str, int, WordSettings] | None:
        known = word_settings_of(connection, desk.company_id)
        # The API takes every language; one that the page does not offer stays.
        if language not in {*LANGUAGES, known.language}:
            return _("Choose a language from the list."), 422, known
        wanted = replace(known, transcribes=transcribes, language=language)
        if is_overtaken(form, _stamp(known)):
            return overtaken_words(), 409, wanted
        set_word_settings(connection, desk.company_id, wanted)
        return None

    if refused := await exchange_of(request).change(write):
        problem, status, settings = refused
        return await _show(request, desk, problem, status, settings=settings)
    return RedirectResponse(WORDS, 303)


def _stamp(settings: WordSettings) -> str:
    """Of what the form changes."""
    return stamp_of(settings.transcribes, settings.language)


async def _add(request: Request, desk: Desk, form: Form) -> Response:
    said_by, meaning = form.one("said_by", SaidBy.ANYBODY), form.one("meaning", Meaning.NOTHING)
    tag = " ".join(form.one("tag").split())
    if said_by not in set(SaidBy) or meaning not in set(Meaning):
        return await _show(request, desk, _("Choose from the lists."), 422, form)
    if len(tag) > LONGEST_TAG:
        return await _show(request, desk, _("Write the tag in at most %s letters.") % LONGEST_TAG, 422, form)
    try:
        texts = [tidy_phrase(each) for each in form.one("phrases").split(",") if each.strip()]
        if not texts:
            raise ValueError(_("Write a word or a few, like appointment."))
        phrases = [Phrase(text, SaidBy(said_by), Meaning(meaning), tag) for text in texts]
        await exchange_of(request).change(lambda connection: _put(connection, desk, phrases))
    except TooMany as error:
        return await _show(request, desk, _(str(error)), 409, form)
    except ValueError as error:
        return await _show(request, desk, _(str(error)), 422, form)
    return RedirectResponse(f"{WORDS}#phrases", 303)


def _put(connection: Connection, desk: Desk, phrases: Sequence[Phrase]) -> None:
    for each in phrases:
        put_phrase(connection, desk.company_id, each, desk.now)


async def _show(
    request: Request,
    desk: Desk,
    problem: str = "",
    status: int = 200,
    typed: Form | None = None,
    settings: WordSettings | None = None,
) -> Response:
    """What was typed and could not be kept is shown again."""
    exchange = exchange_of(request)
    view = await exchange.read(lambda connection: _look(connection, desk))
    return page(
        "words.html",
        status,
        desk=desk,
        view=view,
        settings=settings or view.settings,
        stamp=_stamp(view.settings),
        problem=problem,
        typed=typed or Form({}),
        trouble=exchange.transcriber.trouble,
        LANGUAGES=LANGUAGES,
        LONGEST=LONGEST_PHRASE,
        forms=_forms,
    )


def _look(connection: Connection, desk: Desk) -> ListenView:
    phrases = phrases_of(connection, desk.company_id)
    listed = {each.phrase.text for each in phrases}
    asked = phrases_in([each.rule for each in rules_of(connection, desk.company_id)])
    return ListenView(
        word_settings_of(connection, desk.company_id),
        phrases,
        [text for text in dict.fromkeys(asked) if text not in listed],
        calls_by_phrase(connection, desk.company_id, desk.now - COUNTED_DAYS * DAY),
    )


def _forms(phrase: str) -> str:
    """What else is found by a single word."""
    return ", ".join(forms_of(phrase)[1:]) if phrase.isalpha() else ""
