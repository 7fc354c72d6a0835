"""`/api/v1/reports/calibration`: how often the confidence of calls proved right."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from swapboard.accounts.rights import Resource
from swapboard.attribution.calibration import Reliability, reliability
from swapboard.clock import DAY
from swapboard.switchboard.confirming import CHECKED_DAYS, Proof, confirmations
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports/calibration", tags=[Resource.REPORTS], route_class=ApiRoute)


class BinDocument(BaseModel):
    """The calls of one tenth of confidence."""

    calls: int
    confidence: float = Field(description="Their mean confidence.")
    right: float = Field(description="The share of them that proved right.")


class ProvenDocument(BaseModel):
    """The calls that one kind of proof checks."""

    proof: Proof = Field(description="How we know: somebody said so, a form with the number, a tap just before.")
    calls: int
    right: int
    sure: int = Field(description="Those with a confidence of 0.9 or more.")
    sure_right: int
    confidence: float | None = Field(description="The mean; null without calls.")
    calibration_error: float | None = Field(
        description="How far confidence lies from the share of right ones, on average."
    )
    error_by_chance: float | None = Field(
        description="What that would be among so many calls if their confidence were exactly right."
    )
    says_enough: bool = Field(description="Whether there are calls enough to say anything.")
    bins: list[BinDocument]


class CalibrationDocument(BaseModel):
    """What tells afterwards who called, and what it says of our answers."""

    days: int = Field(description="Of the last so many days.")
    proofs: list[ProvenDocument]


@router.get("", summary="How often the confidence of calls proved right", name="calibration")
async def calibration(desk: AtDesk) -> CalibrationDocument:
    """Of the calls of which something tells who made them."""
    since = desk.now - CHECKED_DAYS * DAY
    checks = await desk.read(lambda connection: confirmations(connection, desk.company_id, since))
    proofs = [_document(proof, reliability(each)) for proof, each in checks.items()]
    return CalibrationDocument(days=CHECKED_DAYS, proofs=proofs)


def _document(proof: Proof, found: Reliability) -> ProvenDocument:
    return ProvenDocument(
        proof=proof,
        calls=found.calls,
        right=found.right,
        sure=found.sure,
        sure_right=found.sure_right,
        confidence=found.confidence,
        calibration_error=found.error,
        error_by_chance=found.error_by_chance,
        says_enough=found.says_enough,
        bins=[BinDocument(calls=each.calls, confidence=each.confidence, right=each.right) for each in found.bins],
    )
