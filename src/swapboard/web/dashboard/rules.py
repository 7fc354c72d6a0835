"""The rules: their order, an editor for each, and a tester that says what a visit would see and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.numbers.conditions import (
    DEVICES,
    NEW,
    RETURNING,
    Field,
)
from swapboard.numbers.explain import Verdict, reason
from swapboard.numbers.inventory import NumberKind
from swapboard.numbers.listing import NumberFilter, NumberRecord, PoolRecord, list_numbers, list_pools
from swapboard.numbers.plan import load_plan
from swapboard.numbers.rule_check import MOST_RULES, RuleFault, rule_faults
from swapboard.numbers.rule_listing import rule_by_id, rules_in_order
from swapboard.numbers.rule_store import add_rule, change_rule, last_position, order_rules, remove_rule
from swapboard.numbers.rules import NumberPlan, Outcome, Rule
from swapboard.storage.ids import new_id
from swapboard.visits.channel import CHANNELS
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.rule_form import form_faults, lines_sent, rule_of, stamp_of_rule
from swapboard.web.dashboard.rule_lines import HOW, Line, lines_of
from swapboard.web.dashboard.rule_tester import HOURS, Tried, try_visit
from swapboard.web.dashboard.stamp import FIELD, is_overtaken
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

RULES = "/numbers/rules"
MOST_CHOICES = 500

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a rule can give, and the words that some conditions take."""

    pools: Sequence[PoolRecord]
    statics: Sequence[NumberRecord]
    words: Mapping[Field, Sequence[str]] = field(
        default_factory=lambda: {
            Field.CHANNEL: [str(channel) for channel in CHANNELS],
            Field.DEVICE: DEVICES,
            Field.VISITOR: (NEW, RETURNING),
            Field.CLICK_ID: ("gclid", "gbraid", "wbraid", "msclkid", "fbclid", "ttclid"),
        }
    )


@dataclass(frozen=True, slots=True)
class RulesView:
    """Everything the list of rules shows."""

    rules: Sequence[Rule]
    plan: NumberPlan
    choices: Choices
    tried: Tried

    def gives(self, rule: Rule) -> NumberRecord | PoolRecord | None:
        """The pool or number that the rule gives, or None."""
        pools = {each.pool_id: each for each in self.choices.pools}
        statics = {each.number_id: each for each in self.choices.statics}
        return pools.get(rule.pool_id or "") or statics.get(rule.number_id or "")


async def rules_page(request: Request, desk: Desk) -> Response:
    """The rules in their order; with `url` in the address, also what such a visit would see."""
    asked = request.query_params

    def read(connection: Connection) -> RulesView:
        plan = load_plan(connection, desk.company_id)
        choices = _choices(connection, desk.company_id)
        return RulesView(plan.rules, plan, choices, try_visit(connection, desk, plan, asked))

    return page(
        "rules.html",
        desk=desk,
        view=await exchange_of(request).read(read),
        reason=reason,
        Verdict=Verdict,
        HOURS=HOURS,
    )


async def rule_page(request: Request, desk: Desk) -> Response:
    """The editor of one rule, or of a new one."""
    require_change(desk)
    rule_id = request.path_params.get("rule_id")

    def read(connection: Connection) -> tuple[Rule | None, Choices]:
        record = rule_by_id(connection, desk.company_id, rule_id) if rule_id else None
        return record.rule if record else None, _choices(connection, desk.company_id)

    rule, choices = await exchange_of(request).read(read)
    if rule_id and rule is None:
        raise _gone()
    stamp = stamp_of_rule(rule) if rule else ""
    return _editor(desk, rule or Rule("", "", Outcome.POOL), choices, stamp=stamp)


async def save_rule(request: Request, desk: Desk) -> Response:
    """Write the rule of the editor, a new one last, but before one for all visits; what cannot stand is said."""
    require_change(desk)
    form = await read_form(request)
    rule = rule_of(form, request.path_params.get("rule_id", ""))

    def write(connection: Connection) -> tuple[list[RuleFault], str]:
        known = rule_by_id(connection, desk.company_id, rule.rule_id) if rule.rule_id else None
        if rule.rule_id and known is None:
            raise _gone()
        stamp = stamp_of_rule(known.rule) if known else ""
        faults = [
            *form_faults(rule, form),
            *rule_faults(connection, desk.company_id, rule),
            *_overtaken(form, stamp),
        ]
        if not faults:
            _write(connection, desk, rule)
        return faults, stamp

    exchange = exchange_of(request)
    faults, stamp = await exchange.configure(desk.company_id, write)
    if not faults:
        return done(request, RULES, _("The rule is saved."))
    choices = await exchange.read(lambda connection: _choices(connection, desk.company_id))
    return _editor(desk, rule, choices, faults, 422, lines_sent(form), stamp)


def _overtaken(form: Form, stamp: str) -> list[RuleFault]:
    said = _("Somebody changed this rule since you opened it. Save it once more to put yours in its place.")
    return [RuleFault((FIELD,), said)] if is_overtaken(form, stamp) else []


async def delete_rule(request: Request, desk: Desk) -> Response:
    """Forget a rule."""
    rule_id = request.path_params["rule_id"]

    def write(connection: Connection) -> None:
        if rule_by_id(connection, desk.company_id, rule_id) is None:
            raise _gone()
        remove_rule(connection, desk.company_id, rule_id)

    return await _changed(request, desk, write, _("The rule is removed."))


async def put_in_order(request: Request, desk: Desk) -> Response:
    """By drag: all ids in their new order. By button or key: one rule, up or down."""
    form = await read_form(request)

    def write(connection: Connection) -> None:
        known = [record.rule.rule_id for record in rules_in_order(connection, desk.company_id)]
        order_rules(connection, desk.company_id, _order(known, form))

    return await _changed(request, desk, write, _("The order is saved."))


def _write(connection: Connection, desk: Desk, rule: Rule) -> None:
    if rule.rule_id:
        change_rule(connection, desk.company_id, rule)
        return
    if len(rules_in_order(connection, desk.company_id)) >= MOST_RULES:
        raise Refused(409, _("There are %s rules already; remove one first.") % MOST_RULES)
    position = last_position(connection, desk.company_id) + 1
    new = Rule(new_id(desk.now), rule.name, rule.outcome, rule.conditions, rule.pool_id, rule.number_id)
    add_rule(connection, desk.company_id, new, position, desk.now)
    _put_where_it_is_heard(connection, desk.company_id, new)


def _put_where_it_is_heard(connection: Connection, company_id: str, new: Rule) -> None:
    """Before the rule for everybody else, which would leave nothing to it."""
    plan = load_plan(connection, company_id)
    hiding = plan.hidden_by(new) if new.conditions else None
    if hiding is None:
        return
    known = [rule.rule_id for rule in plan.rules if rule.rule_id != new.rule_id]
    known.insert(known.index(hiding.rule_id), new.rule_id)
    order_rules(connection, company_id, known)


def _order(known: Sequence[str], form: Form) -> Sequence[str]:
    """What is unknown is left out, and what was not named keeps its place at the end: others may edit too."""
    if moved := form.one("rule"):
        return _moved(known, moved, form.one("move"))
    wanted = list(dict.fromkeys(each for each in form.every("order") if each in known))
    return [*wanted, *(each for each in known if each not in wanted)]


def _moved(known: Sequence[str], rule_id: str, way: str) -> Sequence[str]:
    if rule_id not in known:
        return known
    place = known.index(rule_id)
    rest = [each for each in known if each != rule_id]
    rest.insert(max(0, place + (-1 if way == "up" else 1)), rule_id)
    return rest


async def _changed(request: Request, desk: Desk, change: Callable[[Connection], Result], said: str) -> Response:
    require_change(desk)
    await exchange_of(request).configure(desk.company_id, change)
    return done(request, RULES, said)


def _gone() -> Refused:
    return Refused(404, _("There is no such rule. Somebody may have removed it."))


def _editor(
    desk: Desk,
    rule: Rule,
    choices: Choices,
    faults: Sequence[RuleFault] = (),
    status: int = 200,
    typed: Sequence[Line] = (),
    stamp: str = "",
) -> Response:
    """What was typed and could not be saved is shown again."""
    lines = [line for line in typed if line.asked or line.value] or lines_of(rule)
    return page(
        "rule.html",
        status,
        desk=desk,
        rule=rule,
        lines=lines,
        choices=choices,
        faults=faults,
        stamp=stamp,
        HOW=HOW,
    )


def _choices(connection: Connection, company_id: str) -> Choices:
    static = NumberFilter(kind=NumberKind.STATIC)
    return Choices(
        pools=list_pools(connection, company_id, MOST_CHOICES).rows,
        statics=list_numbers(connection, company_id, static, MOST_CHOICES).rows,
    )
