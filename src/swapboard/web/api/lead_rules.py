"""`/api/v1/lead-rules`: which calls are good leads, by the company's own rules."""

from dataclasses import replace

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.calls.lead_rule_store import (
    RuleRecord,
    TooManyRules,
    add_rule,
    change_rule,
    drop_rule,
    put_in_order,
    rules_of,
)
from swapboard.calls.lead_rules import Conditions, LeadRule, Outcome
from swapboard.calls.phrase_store import note_phrases_changed
from swapboard.calls.phrases import tidy_phrase
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, Message, PageDocument, found
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/lead-rules", tags=[Resource.LEAD_RULES], route_class=ApiRoute)

LONGEST_NAME = 80


class NewLeadRule(Message):
    """A rule, which becomes the last."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    conditions: Conditions = Field(Conditions(), description="All that is given must be so.")
    outcome: Outcome = Field(description="What such a call is; at least one of the three.")
    is_on: bool = True


class LeadRuleChange(Change):
    """What to change; a field that is left out stays, one that is given is taken whole."""

    name: str = Field("", min_length=1, max_length=LONGEST_NAME)
    conditions: Conditions = Conditions()
    outcome: Outcome = Outcome()
    is_on: bool = True


class LeadRuleDocument(BaseModel):
    """A rule."""

    id: str
    position: int
    name: str
    conditions: Conditions
    outcome: Outcome
    is_on: bool


class LeadRuleOrder(Message):
    """Every rule's id, in the order that they are to have."""

    rule_ids: list[str] = Field(max_length=100)


@router.get("", summary="The rules for good leads")
async def list_(desk: AtDesk) -> PageDocument[LeadRuleDocument]:
    """In the order in which they are asked."""
    rules = await desk.read(lambda connection: rules_of(connection, desk.company_id))
    return PageDocument(data=[_document(each) for each in rules], next_cursor=None)


@router.post("", status_code=201, response_model=LeadRuleDocument, summary="Add a rule")
async def create(new: NewLeadRule, desk: ToCreate) -> Response:
    """It holds for calls that end, or whose words come, from now on."""
    rule = _rule(new.name, new.conditions, new.outcome)

    def write(connection: Connection) -> LeadRuleDocument:
        try:
            lead_rule_id = add_rule(connection, desk.company_id, rule, desk.now, is_on=new.is_on)
        except TooManyRules as error:
            raise conflict("too_many", str(error)) from None
        note_phrases_changed(connection, desk.company_id, desk.now)
        return _document(_known(connection, desk, lead_rule_id))

    return await desk.create(write)


@router.post("/order", summary="Put the rules in order")
async def order(sent: LeadRuleOrder, desk: AtDesk) -> PageDocument[LeadRuleDocument]:
    """All of them, each once."""

    def write(connection: Connection) -> PageDocument[LeadRuleDocument]:
        if not put_in_order(connection, desk.company_id, sent.rule_ids):
            raise invalid("rule_ids", "Name every rule once.")
        return PageDocument(
            data=[_document(each) for each in rules_of(connection, desk.company_id)], next_cursor=None
        )

    return await desk.write(write)


@router.get("/{lead_rule_id}", summary="One rule")
async def get(lead_rule_id: str, desk: AtDesk) -> LeadRuleDocument:
    """The rule with this id."""
    return _document(await desk.read(lambda connection: _known(connection, desk, lead_rule_id)))


@router.patch("/{lead_rule_id}", summary="Change a rule")
async def change(lead_rule_id: str, sent: LeadRuleChange, desk: AtDesk) -> LeadRuleDocument:
    """What was said of earlier calls stays."""

    def write(connection: Connection) -> LeadRuleDocument:
        known, given = _known(connection, desk, lead_rule_id), sent.model_fields_set
        rule = _rule(
            sent.name if "name" in given else known.rule.name,
            sent.conditions if "conditions" in given else known.rule.conditions,
            sent.outcome if "outcome" in given else known.rule.outcome,
        )
        is_on = sent.is_on if "is_on" in given else known.is_on
        change_rule(connection, desk.company_id, lead_rule_id, rule, is_on=is_on)
        note_phrases_changed(connection, desk.company_id, desk.now)
        return _document(_known(connection, desk, lead_rule_id))

    return await desk.write(write)


@router.delete("/{lead_rule_id}", status_code=204, summary="Delete a rule")
async def remove(lead_rule_id: str, desk: AtDesk) -> None:
    """What it said of calls stays."""

    def write(connection: Connection) -> None:
        if not drop_rule(connection, desk.company_id, lead_rule_id):
            found(None, "rule")

    await desk.write(write)


def _rule(name: str, conditions: Conditions, outcome: Outcome) -> LeadRule:
    if outcome == Outcome():
        raise invalid("outcome", "Say whether such a call is qualified, what it is worth, or which tag it gets.")
    says, never_says = _tidy("says", conditions.says), _tidy("never_says", conditions.never_says)
    return LeadRule(" ".join(name.split()), replace(conditions, says=says, never_says=never_says), outcome)


def _tidy(field: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(tidy_phrase(each) for each in phrases))
    except ValueError as error:
        raise invalid(f"conditions.{field}", str(error)) from None


def _known(connection: Connection, desk: Desk, lead_rule_id: str) -> RuleRecord:
    rules = rules_of(connection, desk.company_id)
    return found(next((each for each in rules if each.rule_id == lead_rule_id), None), "rule")


def _document(record: RuleRecord) -> LeadRuleDocument:
    return LeadRuleDocument(
        id=record.rule_id,
        position=record.position,
        name=record.rule.name,
        conditions=record.rule.conditions,
        outcome=record.rule.outcome,
        is_on=record.is_on,
    )
