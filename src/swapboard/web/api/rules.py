"""`/api/v1/rules`: which visits get which pool, which static number, or no swap; asked in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from pydantic import Field as Described
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.numbers.conditions import Field
from swapboard.numbers.rule_check import MOST_RULES, rule_faults
from swapboard.numbers.rule_listing import RuleRecord, list_rules, rule_by_id, rules_in_order
from swapboard.numbers.rule_store import add_rule, change_rule, last_position, order_rules, remove_rule
from swapboard.numbers.rules import Outcome, Rule
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, ListQuery, Message, Moment, Name, PageDocument, RefId, Word, found
from swapboard.web.api.problem import Fault, conflict, invalid_all
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/rules", tags=[Resource.RULES], route_class=ApiRoute)


Values = Annotated[list[Word], Described(min_length=1, max_length=100)]
Conditions = Annotated[
    dict[Field, Values],
    Described(
        description="All must hold; each holds when the visit has one of its values, whatever the case. `*` in a "
        "value stands for any text, `!` before it excludes it. docs/rules.md tells what each condition takes. "
        "Without conditions the rule is for every visit.",
        examples=[{"channel": ["Paid Search"], "campaign": ["spring*"], "hour": ["8-18"], "device": ["!tablet"]}],
    ),
]


class NewRule(Message):
    """A rule to add after the others."""

    name: Name
    conditions: Conditions = Described(default_factory=dict)
    outcome: Outcome = Described(
        description="Show a number of a pool, a static number, or leave the page as it is."
    )
    pool_id: RefId | None = Described(None, description="With the outcome pool.")
    number_id: RefId | None = Described(None, description="With the outcome static.")


class RuleChange(Change):
    """What to change; a field that is left out stays."""

    name: Name = ""
    conditions: Conditions = Described(default_factory=dict)
    outcome: Outcome = Outcome.LEAVE
    pool_id: RefId | None = None
    number_id: RefId | None = None


class RuleOrder(Message):
    """All rules, in the order in which they are to be asked."""

    rule_ids: list[RefId] = Described(max_length=MOST_RULES)


class RuleDocument(BaseModel):
    """A rule; the lowest position is asked first, and the first rule that matches decides."""

    id: str
    company_id: str
    position: int
    name: str
    conditions: dict[Field, list[str]]
    outcome: Outcome
    pool_id: str | None
    number_id: str | None
    created_at: Moment


class RulesDocument(BaseModel):
    """All rules, in order."""

    data: list[RuleDocument]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A rule as it shall be."""

    name: str
    conditions: Mapping[Field, list[str]]
    outcome: Outcome
    pool_id: str | None
    number_id: str | None

    def rule(self, rule_id: str) -> Rule:
        conditions = {asked: tuple(values) for asked, values in self.conditions.items()}
        return Rule(rule_id, self.name, self.outcome, conditions, self.pool_id, self.number_id)


@router.get("", summary="List rules in their order")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[RuleDocument]:
    """A page of rules, the one that is asked first at the top."""
    page = await desk.read(lambda connection: list_rules(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(rule) for rule in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=RuleDocument, summary="Add a rule")
async def create(new: NewRule, desk: ToCreate) -> Response:
    """It is asked last; POST /rules/order puts it elsewhere."""
    wanted = _Wanted(new.name, new.conditions, new.outcome, new.pool_id, new.number_id)

    def write(connection: Connection) -> RuleDocument:
        rule = wanted.rule(desk.new_id())
        _check(connection, desk, rule)
        if len(rules_in_order(connection, desk.company_id)) >= MOST_RULES:
            raise conflict("too_many", f"There are {MOST_RULES} rules already; remove one first.")
        position = last_position(connection, desk.company_id) + 1
        record = RuleRecord(rule, desk.company_id, position, desk.now)
        add_rule(connection, desk.company_id, record.rule, position, desk.now)
        return _document(record)

    return await desk.create(write)


@router.post("/order", response_model=RulesDocument, summary="Put the rules in order")
async def order(message: RuleOrder, desk: ToCreate) -> Response:
    """Name every rule once."""

    def write(connection: Connection) -> RulesDocument:
        known = {record.rule.rule_id for record in rules_in_order(connection, desk.company_id)}
        _check_order(message.rule_ids, known)
        order_rules(connection, desk.company_id, message.rule_ids)
        return RulesDocument(data=[_document(each) for each in rules_in_order(connection, desk.company_id)])

    return await desk.create(write, status=200)


@router.get("/{rule_id}", summary="One rule")
async def get(rule_id: str, desk: AtDesk) -> RuleDocument:
    """The rule with this id."""
    return _document(await desk.read(lambda connection: _found(connection, desk, rule_id)))


@router.patch("/{rule_id}", summary="Change a rule")
async def change(rule_id: str, message: RuleChange, desk: AtDesk) -> RuleDocument:
    """Change what is given; the rest stays, its place in the order too."""

    def write(connection: Connection) -> RuleDocument:
        record = _found(connection, desk, rule_id)
        wanted = _changed(record.rule, message)
        rule = wanted.rule(rule_id)
        _check(connection, desk, rule, has_conditions="conditions" in message.model_fields_set)
        change_rule(connection, desk.company_id, rule)
        return _document(RuleRecord(rule, record.company_id, record.position, record.created_at))

    return await desk.change(write)


@router.delete("/{rule_id}", status_code=204, summary="Remove a rule")
async def remove(rule_id: str, desk: AtDesk) -> None:
    """The visits it matched go on to the next rule."""

    def write(connection: Connection) -> None:
        _found(connection, desk, rule_id)
        remove_rule(connection, desk.company_id, rule_id)

    await desk.change(write)


def _changed(rule: Rule, message: RuleChange) -> _Wanted:
    """A new outcome drops the pool or number that went with the old one, unless it is given anew."""
    given = message.model_fields_set
    outcome = message.outcome if "outcome" in given else rule.outcome
    kept_pool = rule.pool_id if outcome is rule.outcome else None
    kept_number = rule.number_id if outcome is rule.outcome else None
    return _Wanted(
        name=message.name if "name" in given else rule.name,
        conditions=message.conditions
        if "conditions" in given
        else {asked: list(values) for asked, values in rule.conditions.items()},
        outcome=outcome,
        pool_id=message.pool_id if "pool_id" in given else kept_pool,
        number_id=message.number_id if "number_id" in given else kept_number,
    )


def _check(connection: Connection, desk: Desk, rule: Rule, *, has_conditions: bool = True) -> None:
    """Raises Problem (422) for a rule that could never do what it says.

    Conditions that were not given stand, though we would refuse them today: whoever gives a name cannot mend them.
    """
    found = rule_faults(connection, desk.company_id, rule)
    if faults := [fault for fault in found if has_conditions or fault.path[0] != "conditions"]:
        raise invalid_all([Fault("body", fault.path, fault.detail) for fault in faults])


def _check_order(rule_ids: list[str], known: set[str]) -> None:
    faults = [
        Fault("body", ["rule_ids", index], "There is no such rule, or it stands here twice.")
        for index, rule_id in enumerate(rule_ids)
        if rule_id not in known or rule_ids.index(rule_id) != index
    ]
    if not faults and len(rule_ids) != len(known):
        faults = [Fault("body", ["rule_ids"], f"Name all {len(known)} rules; {len(rule_ids)} are here.")]
    if faults:
        raise invalid_all(faults)


def _found(connection: Connection, desk: Desk, rule_id: str) -> RuleRecord:
    return found(rule_by_id(connection, desk.company_id, rule_id), "rule")


def _document(record: RuleRecord) -> RuleDocument:
    rule = record.rule
    return RuleDocument(
        id=rule.rule_id,
        company_id=record.company_id,
        position=record.position,
        name=rule.name,
        conditions={asked: list(values) for asked, values in rule.conditions.items()},
        outcome=rule.outcome,
        pool_id=rule.pool_id,
        number_id=rule.number_id,
        created_at=iso(record.created_at),
    )
