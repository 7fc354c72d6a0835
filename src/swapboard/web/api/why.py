"""`/api/v1/calls/{id}/conversions` and the same of forms: why did it convert, or not?"""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from swapboard.accounts.rights import Resource
from swapboard.leads.lead import ContactKind
from swapboard.switchboard.explaining import Explanation, explain
from swapboard.web.api.conversions import DeliveryDocument, document
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import PageDocument, found
from swapboard.web.api.route import ApiRoute

router = APIRouter(route_class=ApiRoute)


class ReasonDocument(BaseModel):
    """One condition of a rule."""

    condition: str
    is_met: bool
    words: str


class ExplanationDocument(BaseModel):
    """What one destination makes of a call or a form."""

    destination_id: str
    destination: str
    is_on: bool
    counts: bool
    value_cents: int | None
    reasons: list[ReasonDocument]
    objection: str | None = Field(description="Why it cannot be told there though it counts.")
    told: list[DeliveryDocument]


@router.get("/calls/{call_id}/conversions", tags=[Resource.CALLS], summary="Why did this call convert, or not?")
async def why_call(call_id: str, desk: AtDesk) -> PageDocument[ExplanationDocument]:
    """Every rule, every objection and every delivery, for each destination. A call that goes on is not found."""
    return await _why(ContactKind.CALL, call_id, desk)


@router.get("/forms/{form_id}/conversions", tags=[Resource.FORMS], summary="Why did this form convert, or not?")
async def why_form(form_id: str, desk: AtDesk) -> PageDocument[ExplanationDocument]:
    """Every rule, every objection and every delivery, for each destination."""
    return await _why(ContactKind.FORM, form_id, desk)


async def _why(kind: ContactKind, contact_id: str, desk: Desk) -> PageDocument[ExplanationDocument]:
    told = await desk.read(
        lambda connection: explain(connection, desk.company_id, kind, contact_id, desk.exchange.vault, desk.now)
    )
    explained = [_explanation(each) for each in found(told, f"{kind.value} that is over")]
    return PageDocument(data=explained, next_cursor=None)


def _explanation(told: Explanation) -> ExplanationDocument:
    return ExplanationDocument(
        destination_id=told.destination.destination_id,
        destination=told.destination.name,
        is_on=told.destination.is_on,
        counts=told.finding.counts,
        value_cents=told.finding.value_cents,
        reasons=[
            ReasonDocument(condition=each.condition, is_met=each.is_met, words=str(each))
            for each in told.finding.reasons
        ],
        objection=told.objection,
        told=[document(each.delivery) for each in told.told],
    )
