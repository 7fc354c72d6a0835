"""Who says what of a call, and how good a lead it sounds, as a call's document tells it."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.calls.judgement import By
from swapboard.calls.lead_rules import Because, Ground
from swapboard.calls.lead_score import LeadScore, Sign
from swapboard.calls.listing import CallRecord
from swapboard.calls.phrases import SaidBy
from swapboard.calls.verdict import Verdict
from swapboard.calls.verdicts import judgements_on
from swapboard.switchboard.qualifying import rate


class ReasonDocument(BaseModel):
    """One thing that speaks for a rule."""

    ground: Ground
    text: str
    number: float | None
    asked: float | None = Field(description="What the rule asks for at least, or for less than.")
    said_by: SaidBy
    at: float | None = Field(description="Seconds from the recording's beginning.")


class BecauseDocument(BaseModel):
    """The rule that decided, and why it fits."""

    rule: str
    reasons: list[ReasonDocument]


class PointDocument(BaseModel):
    """One thing that speaks for a good lead, or against it."""

    sign: Sign
    count: int
    points: float = Field(description="Added to the log-odds; below zero it speaks against.")
    words: list[str]


class ScoreDocument(BaseModel):
    """How good a lead a call sounds, from 0 to 100, and why."""

    score: int
    reasons: list[PointDocument]


class JudgementDocument(BaseModel):
    """Whose word on the call holds, and how good a lead it sounds by itself."""

    qualified_by: By | None = Field(description="Whose word `qualified` is: a person's, a survey's, or a rule's.")
    qualified_because: BecauseDocument | None = Field(description="Why, where a rule said so.")
    value_by: By | None
    value_because: BecauseDocument | None
    score: ScoreDocument | None = Field(description="null while the call goes on.")
    caller_share: float | None = Field(description="The caller's part of all that was said, from 0 to 1.")
    phrases: list[str] = Field(description="Which of the phrases that are listened for were said.")


def judgements_of(
    connection: Connection, company_id: str, calls: Sequence[CallRecord]
) -> Mapping[str, JudgementDocument]:
    """Of each call, by its id."""
    rated = rate(connection, company_id, calls)
    holds = {call.call_id: Verdict(call.tags, call.value_cents, call.qualified) for call in calls}
    judged = judgements_on(connection, company_id, holds)
    return {
        call_id: JudgementDocument(
            qualified_by=each.qualified_by,
            qualified_because=_because(each.ruled.qualified_because),
            value_by=each.value_by,
            value_because=_because(each.ruled.value_because),
            score=_score(rated[call_id].score),
            caller_share=rated[call_id].caller_share,
            phrases=[hit.text for hit in rated[call_id].hits],
        )
        for call_id, each in judged.items()
    }


def _because(because: Because | None) -> BecauseDocument | None:
    if because is None:
        return None
    reasons = [
        ReasonDocument(
            ground=each.ground,
            text=each.text,
            number=each.number,
            asked=each.asked,
            said_by=each.said_by,
            at=each.at,
        )
        for each in because.reasons
    ]
    return BecauseDocument(rule=because.rule, reasons=reasons)


def _score(found: LeadScore | None) -> ScoreDocument | None:
    if found is None:
        return None
    reasons = [
        PointDocument(sign=each.sign, count=each.count, points=each.points, words=list(each.words))
        for each in found.reasons
    ]
    return ScoreDocument(score=found.score, reasons=reasons)
