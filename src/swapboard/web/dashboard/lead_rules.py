"""Rules for good leads: seen, written, put in order, tried on the calls of the last days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.amount import cents_of, how_to_write, places_of, typed_amount, whole_of
from swapboard.calls.call import Status
from swapboard.calls.flow_store import company_lines
from swapboard.calls.lead_rule_store import (
    RuleRecord,
    TooManyRules,
    add_rule,
    change_rule,
    drop_rule,
    move_rule,
    rules_of,
)
from swapboard.calls.lead_rules import CONDITIONS, OUTCOME, Conditions, LeadRule, Outcome
from swapboard.calls.phrase_store import note_phrases_changed
from swapboard.calls.phrases import SaidBy, tidy_phrase
from swapboard.visits.channel import CHANNELS
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.stamp import FIELD, is_overtaken, overtaken_words, stamp_of
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

RULES = "/leads/rules"
LONGEST_NAME = 80
ENDINGS = (Status.ANSWERED, Status.MISSED, Status.VOICEMAIL, Status.BUSY, Status.ABANDONED)
_QUALIFIED: Mapping[str, bool | None] = {"yes": True, "no": False, "": None}
_FIRST: Mapping[str, bool | None] = {"first": True, "again": False, "": None}


@dataclass(frozen=True, slots=True)
class RuleView:
    """Everything that the page of one rule shows."""

    rule_id: str
    form: Form
    """What stands in its fields: what was typed, where that made no sense."""
    numbers: Sequence[str]
    stamp: str


def lead_rule_routes() -> list[Route]:
    """Before the address of one lead, which would take these for one."""
    return [
        Route(RULES, signed_in(lead_rules_page), methods=["GET"]),
        Route(f"{RULES}/order", signed_in(order_lead_rules), methods=["POST"]),
        Route(f"{RULES}/{{rule_id}}", signed_in(lead_rule_page), methods=["GET"]),
        Route(f"{RULES}/{{rule_id}}", signed_in(save_lead_rule), methods=["POST"]),
        Route(f"{RULES}/{{rule_id}}/delete", signed_in(delete_lead_rule), methods=["POST"]),
    ]


async def lead_rules_page(request: Request, desk: Desk) -> Response:
    """The rules in their order."""
    rules = await exchange_of(request).read(lambda connection: rules_of(connection, desk.company_id))
    return page("lead_rules.html", desk=desk, rules=rules)


async def order_lead_rules(request: Request, desk: Desk) -> Response:
    """Move a rule up or down."""
    require_change(desk)
    form = await read_form(request)
    rule_id, up = form.one("rule_id"), form.one("do") == "up"
    await exchange_of(request).change(lambda connection: move_rule(connection, desk.company_id, rule_id, up=up))
    return done(request, RULES, _("The order is saved."))


async def lead_rule_page(request: Request, desk: Desk) -> Response:
    """One rule, or a new one."""
    rule_id = request.path_params["rule_id"]
    if rule_id == "new":
        starting = LeadRule("", Conditions(talk_seconds=60), Outcome(qualified=True))
        return await _show(request, desk, rule_id, _form_of(starting, desk.company.currency, is_on=True))
    record = await exchange_of(request).read(lambda connection: _known(connection, desk, rule_id))
    form = _form_of(record.rule, desk.company.currency, is_on=record.is_on)
    return await _show(request, desk, rule_id, form, stamp=_stamp(record))


async def save_lead_rule(request: Request, desk: Desk) -> Response:
    """Write it; it holds for calls that end, or whose words come, from now on."""
    require_change(desk)
    rule_id, form = request.path_params["rule_id"], await read_form(request)
    if rule_id != "new":
        await exchange_of(request).read(lambda connection: _known(connection, desk, rule_id))
    is_on = form.one("is_on") == "yes"
    try:
        rule = _rule_in(form, desk.company.currency)
    except (ValidationError, ValueError) as error:
        problem = _("Look at the numbers and words again.") if isinstance(error, ValidationError) else str(error)
        return await _show(request, desk, rule_id, form, problem)

    def write(connection: Connection) -> str:
        if rule_id == "new":
            add_rule(connection, desk.company_id, rule, desk.now, is_on=is_on)
        else:
            now = _stamp(_known(connection, desk, rule_id))
            if is_overtaken(form, now):
                return now
            change_rule(connection, desk.company_id, rule_id, rule, is_on=is_on)
        note_phrases_changed(connection, desk.company_id, desk.now)
        return ""

    try:
        overtaken_by = await exchange_of(request).change(write)
    except TooManyRules as error:
        return await _show(request, desk, rule_id, form, _(str(error)))
    if overtaken_by:
        return await _show(request, desk, rule_id, form, overtaken_words(), overtaken_by)
    return done(request, RULES, _("The rule is saved. It holds for calls from now on."))


async def delete_lead_rule(request: Request, desk: Desk) -> Response:
    """Delete it; what it said of calls stays."""
    require_change(desk)
    rule_id = request.path_params["rule_id"]
    if not await exchange_of(request).change(lambda connection: drop_rule(connection, desk.company_id, rule_id)):
        raise HTTPException(404)
    return done(request, RULES, _("The rule is deleted. What it said of calls stays."))


def _known(connection: Connection, desk: Desk, rule_id: str) -> RuleRecord:
    rules = rules_of(connection, desk.company_id)
    record = next((each for each in rules if each.rule_id == rule_id), None)
    if record is None:
        raise HTTPException(404)
    return record


def _stamp(record: RuleRecord) -> str:
    """Of what the form changes: that a rule was moved is none of it."""
    return stamp_of(record.rule, record.is_on)


async def _show(
    request: Request, desk: Desk, rule_id: str, form: Form, problem: str = "", stamp: str | None = None
) -> Response:
    """Without a stamp the form's own stays: it is on what its reader saw."""
    numbers = await exchange_of(request).read(lambda connection: company_lines(connection, desk.company_id)[0])
    return page(
        "lead_rule.html",
        422 if problem else 200,
        desk=desk,
        view=RuleView(rule_id, form, sorted(numbers), form.one(FIELD) if stamp is None else stamp),
        problem=problem,
        ENDINGS=ENDINGS,
        CHANNELS=CHANNELS,
    )


def _form_of(rule: LeadRule, currency: str, *, is_on: bool) -> Form:
    """The form as it would be filled in to get this rule."""
    asked, then = rule.conditions, rule.outcome
    fields: Mapping[str, Sequence[str]] = {
        "name": [rule.name],
        "is_on": ["yes"] if is_on else [],
        "talk_seconds": _text(asked.talk_seconds),
        "talk_seconds_below": _text(asked.talk_seconds_below),
        "says": [", ".join(asked.says)],
        "never_says": [", ".join(asked.never_says)],
        "said_by": [asked.said_by],
        "caller": [next(word for word, means in _FIRST.items() if means is asked.first_time_caller)],
        "outcome": list(asked.outcomes),
        "channel": asked.channels,
        "campaigns": [", ".join(asked.campaigns)],
        "number": asked.numbers,
        "caller_share": _text(None if asked.caller_share is None else round(asked.caller_share * 100)),
        "score": _text(asked.score),
        "qualified": [next(word for word, means in _QUALIFIED.items() if means is then.qualified)],
        "value": [] if then.value_cents is None else [typed_amount(then.value_cents, currency)],
        "tag": [then.tag],
    }
    return Form(fields)


def _text(number: int | None) -> list[str]:
    return [] if number is None else [str(number)]


def _rule_in(form: Form, currency: str) -> LeadRule:
    """Raises ValidationError, and ValueError with words for people."""
    name = " ".join(form.one("name").split())
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(_("Give the rule a name of at most %s letters.") % LONGEST_NAME)
    share = _whole(form, "caller_share")
    conditions = {
        "talk_seconds": _whole(form, "talk_seconds"),
        "talk_seconds_below": _whole(form, "talk_seconds_below"),
        "says": _phrases(form.one("says")),
        "never_says": _phrases(form.one("never_says")),
        "said_by": form.one("said_by") or SaidBy.ANYBODY,
        "first_time_caller": _FIRST.get(form.one("caller")),
        "outcomes": [each for each in form.every("outcome") if each],
        "channels": [each for each in form.every("channel") if each],
        "campaigns": [each.strip() for each in form.one("campaigns").split(",") if each.strip()],
        "numbers": [each for each in form.every("number") if each],
        "caller_share": None if share is None else share / 100,
        "score": _whole(form, "score"),
    }
    value = form.one("value")
    cents = cents_of(value, places_of(currency))
    if value and cents is None:
        raise ValueError(how_to_write())
    outcome = {
        "qualified": _QUALIFIED.get(form.one("qualified")),
        "value_cents": cents,
        "tag": " ".join(form.one("tag").split()),
    }
    rule = LeadRule(name, CONDITIONS.validate_python(conditions), OUTCOME.validate_python(outcome))
    if rule.outcome == Outcome():
        raise ValueError(_("Say what the rule does: whether such a call is a good lead, its worth, or a tag."))
    return rule


def _phrases(text: str) -> list[str]:
    return [tidy_phrase(each) for each in text.split(",") if each.strip()]


def _whole(form: Form, name: str) -> int | None:
    """A number of the form; None when it is empty. Raises ValueError."""
    text = form.one(name)
    number = whole_of(text, 999_999)
    if text and number is None:
        raise ValueError(_("Write seconds, percent and scores as whole numbers, like 60."))
    return number
