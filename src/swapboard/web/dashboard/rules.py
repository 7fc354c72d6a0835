"""The rules: their order, an editor for each, and a tester that says what a visit would see and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.store import sites_of
from swapboard.numbers.conditions import (
    ANY,
    DEVICES,
    NEW,
    NOT,
    RETURNING,
    Arrival,
    Field,
    fault_of,
    next_at_hour,
)
from swapboard.numbers.explain import Explanation, Verdict, explain, reason
from swapboard.numbers.inventory import (
    NumberKind,
    add_rule,
    change_rule,
    last_position,
    load_plan,
    order_rules,
    remove_rule,
)
from swapboard.numbers.listing import (
    NumberFilter,
    NumberRecord,
    PoolRecord,
    list_numbers,
    list_pools,
    rule_by_id,
    rules_in_order,
)
from swapboard.numbers.rule_check import MOST_RULES, RuleFault, rule_faults
from swapboard.numbers.rules import NumberPlan, Outcome, Rule
from swapboard.storage.ids import new_id
from swapboard.visits.channel import CHANNELS
from swapboard.visits.place import region_of
from swapboard.visits.source import classify
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import Words, _

RULES = "/numbers/rules"
MOST_CHOICES = 500
LONGEST_NAME = 200
LONGEST_ADDRESS = 4_000
HOURS = tuple(map(str, range(24)))

IS, IS_NOT, BEGINS, CONTAINS = "is", "is_not", "begins", "contains"
HOW: Mapping[str, str] = Words(
    {
        IS: _("is"),
        IS_NOT: _("is not"),
        BEGINS: _("begins with"),
        CONTAINS: _("contains"),
    }
)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Line:
    """One condition as the editor shows it: a fact, how it is compared, and one value."""

    asked: str
    how: str
    value: str


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
class Tried:
    """What was typed into the tester, and what it said."""

    url: str
    referrer: str
    device: str
    visitor: str
    zone: str
    hour: str
    told: Sequence[Explanation]
    arrival: Arrival | None = None


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
        tried = _try(connection, desk, plan, asked)
        return RulesView(plan.rules, plan, _choices(connection, desk.company_id), tried)

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
    return _editor(desk, rule or Rule("", "", Outcome.POOL), choices)


async def save_rule(request: Request, desk: Desk) -> Response:
    """Write the rule of the editor, a new one last, but before one for all visits; what cannot stand is said."""
    require_change(desk)
    form = await read_form(request)
    rule = _rule_of(form, request.path_params.get("rule_id", ""))

    def write(connection: Connection) -> list[RuleFault]:
        if rule.rule_id and rule_by_id(connection, desk.company_id, rule.rule_id) is None:
            raise _gone()
        of_form = [*_name_fault(rule), *_empty_faults(rule), *_homeless_faults(form)]
        faults = [*of_form, *rule_faults(connection, desk.company_id, rule)]
        if not faults:
            _write(connection, desk, rule)
        return faults

    exchange = exchange_of(request)
    if not (faults := await exchange.configure(desk.company_id, write)):
        return done(request, RULES, _("The rule is saved."))
    choices = await exchange.read(lambda connection: _choices(connection, desk.company_id))
    return _editor(desk, rule, choices, faults, 422, _lines(form))


async def delete_rule(request: Request, desk: Desk) -> Response:
    """Forget a rule."""
    rule_id = request.path_params["rule_id"]

    def write(connection: Connection) -> None:
        if rule_by_id(connection, desk.company_id, rule_id) is None:
            raise _gone()
        remove_rule(connection, desk.company_id, rule_id)

    return await _changed(request, desk, write, _("The rule is deleted."))


async def put_in_order(request: Request, desk: Desk) -> Response:
    """By drag: all ids in their new order. By button or key: one rule, up or down."""
    form = await read_form(request)

    def write(connection: Connection) -> None:
        known = [record.rule.rule_id for record in rules_in_order(connection, desk.company_id)]
        order_rules(connection, desk.company_id, _order(known, form))

    return await _changed(request, desk, write, _("The order is saved."))


def lines_of(rule: Rule) -> list[Line]:
    """The rule's conditions, a line for each value."""
    return [_line(asked, value) for asked, values in rule.conditions.items() for value in values]


def value_of(line: Line) -> str:
    """The value as a condition writes it."""
    if line.how == IS_NOT:
        return f"{NOT}{line.value}"
    if line.how == BEGINS:
        return f"{line.value}{ANY}"
    if line.how == CONTAINS:
        return f"{ANY}{line.value}{ANY}"
    return line.value


def _line(asked: Field, value: str) -> Line:
    if value.startswith(NOT):
        return Line(asked, IS_NOT, value[1:])
    inner = value.strip(ANY)
    if inner and ANY not in inner:
        if value == f"{ANY}{inner}{ANY}":
            return Line(asked, CONTAINS, inner)
        if value == f"{inner}{ANY}":
            return Line(asked, BEGINS, inner)
    return Line(asked, IS, value)


def _lines(form: Form) -> list[Line]:
    lines = zip(form.every("asked"), form.every("how"), form.every("value"), strict=False)
    return [Line(*each) for each in lines]


def _rule_of(form: Form, rule_id: str) -> Rule:
    conditions: dict[Field, tuple[str, ...]] = {}
    for line in _lines(form):
        if line.asked in set(Field):
            asked = Field(line.asked)
            conditions[asked] = (*conditions.get(asked, ()), value_of(line) if line.value else "")
    outcome, _colon, given = form.one("gives").partition(":")
    chosen = Outcome(outcome) if outcome in set(Outcome) else Outcome.LEAVE
    return Rule(
        rule_id=rule_id,
        name=form.one("name"),
        outcome=chosen,
        conditions=conditions,
        pool_id=given if chosen is Outcome.POOL else None,
        number_id=given if chosen is Outcome.STATIC else None,
    )


def _name_fault(rule: Rule) -> list[RuleFault]:
    if 0 < len(rule.name) <= LONGEST_NAME:
        return []
    return [RuleFault(("name",), _("Give the rule a name of at most %s characters.") % LONGEST_NAME)]


def _empty_faults(rule: Rule) -> list[RuleFault]:
    """A condition without a value would be dropped, and the rule would be for more visits than was meant."""
    said = _("Write a value, or choose “(no condition)”.")
    return [
        RuleFault(("conditions", asked.value), said)
        for asked, values in rule.conditions.items()
        if "" in values and fault_of(asked, "") is None
    ]


def _homeless_faults(form: Form) -> list[RuleFault]:
    """A value of which nobody said what it is a value of would be dropped, and the rule be for more visits."""
    said = _("Say what “%(value)s” is, or leave it out.")
    lines = [line for line in _lines(form) if line.value.strip() and line.asked not in set(Field)]
    return [RuleFault(("lines",), said % {"value": line.value}) for line in lines]


def _region(typed: str) -> str | None:
    """`US-TX`; a time zone is none."""
    country, dash, part = typed.partition("-")
    return region_of(country, part) if dash else None


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
) -> Response:
    """What was typed and could not be saved is shown again."""
    lines = [line for line in typed if line.asked or line.value] or lines_of(rule)
    return page("rule.html", status, desk=desk, rule=rule, lines=lines, choices=choices, faults=faults, HOW=HOW)


def _choices(connection: Connection, company_id: str) -> Choices:
    static = NumberFilter(kind=NumberKind.STATIC)
    return Choices(
        pools=list_pools(connection, company_id, MOST_CHOICES).rows,
        statics=list_numbers(connection, company_id, static, MOST_CHOICES).rows,
    )


def _try(connection: Connection, desk: Desk, plan: NumberPlan, asked: Mapping[str, str]) -> Tried:
    url, referrer = asked.get("url", "").strip(), asked.get("referrer", "").strip()
    device = asked.get("device", "") if asked.get("device") in DEVICES else "desktop"
    visitor = RETURNING if asked.get("visitor") == RETURNING else NEW
    zone, hour = asked.get("zone", "").strip()[:LONGEST_NAME], asked.get("hour", "")
    if not url or len(url) + len(referrer) > LONGEST_ADDRESS:
        return Tried(url, referrer, device, visitor, zone, hour, ())
    hosts = [host for site in sites_of(connection, desk.company_id) for host in site.hosts]
    source = classify(url, referrer, own_hosts=hosts)
    at = next_at_hour(desk.now, int(hour), desk.company.time_zone) if hour in HOURS else desk.now
    region = _region(zone)
    clock = "" if region else zone or desk.company.time_zone
    arrival = Arrival(source, device, clock, visitor == RETURNING, at, region)
    told = [explain(plan, arrival, target) for target in plan.targets.values()]
    return Tried(url, referrer, device, visitor, zone, hour, told, arrival)
