"""`GET /api/v1/rules/explain`: what a visit would see, and why."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.accounts.store import sites_of
from swapboard.numbers.conditions import Arrival
from swapboard.numbers.explain import Explanation, Step, Verdict, explain, reason
from swapboard.numbers.plan import load_plan
from swapboard.numbers.rules import Outcome, SwapTarget
from swapboard.visits.source import classify
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import Asked, E164Text, Instant, PhoneText, TimeZone, instant_of, phone
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/rules", tags=[Resource.RULES], route_class=ApiRoute)


class ExplainQuery(Asked):
    """A visit that might be."""

    url: str = Field("", max_length=4000, description="The page it would land on, with its query.")
    referrer: str = Field("", max_length=4000, description="The page it would come from.")
    device: Literal["phone", "tablet", "desktop"] = "desktop"
    visitor: Literal["new", "returning"] = "new"
    time_zone: TimeZone | None = Field(None, description="The visitor's; without it the country is not known.")
    region: str | None = Field(
        None, pattern="^[A-Z]{2}(-[A-Z0-9]{1,3})?$", description="Where it is, ISO 3166: `US-TX` or `US`."
    )
    at: Instant | None = Field(None, description="When; now if left out.")
    target: PhoneText | None = Field(None, description="The number on the page; else the oldest target.")


class StepDocument(BaseModel):
    """What became of one rule."""

    position: int
    rule_id: str
    name: str
    verdict: Verdict
    because: str | None = Field(description="Why it did not decide; null for the one that did.")


class SourceDocument(BaseModel):
    """Where the visit would come from."""

    channel: str
    source: str
    medium: str
    campaign: str | None
    keyword: str | None
    click_ids: dict[str, str]


class ExplanationDocument(BaseModel):
    """What the visit would see in place of the target."""

    target: E164Text
    outcome: Outcome
    pool_id: str | None
    number: E164Text | None = Field(description="The static number it would see, if it would see one.")
    rule_id: str | None = Field(description="The rule that decided; null when none fits.")
    because: str
    source: SourceDocument
    steps: list[StepDocument]


@router.get("/explain", summary="Explain what a visit would see")
async def explain_visit(query: Annotated[ExplainQuery, Query()], desk: AtDesk) -> ExplanationDocument:
    """Which rule would decide, and why those before it would not. Nothing is leased."""

    def look(connection: Connection) -> ExplanationDocument:
        plan = load_plan(connection, desk.company_id)
        hosts = [host for site in sites_of(connection, desk.company_id) for host in site.hosts]
        arrival = Arrival(
            source=classify(query.url, query.referrer, own_hosts=hosts),
            device=query.device,
            time_zone=query.time_zone or "",
            is_returning=query.visitor == "returning",
            at=instant_of(query.at) or desk.now,
            region=query.region,
        )
        target = _target(list(plan.targets.values()), query, desk.company.country)
        return _document(explain(plan, arrival, target), arrival)

    return await desk.read(look)


def _target(targets: list[SwapTarget], query: ExplainQuery, country: str) -> SwapTarget:
    if not targets:
        raise conflict("no_target", "There is no swap target yet, so no number on a page changes.")
    if query.target is None:
        return targets[0]
    number = phone(query.target, country, "target", "query")
    for target in targets:
        if target.number == number:
            return target
    raise invalid("target", "This is not one of your swap targets.", "query")


def _document(told: Explanation, arrival: Arrival) -> ExplanationDocument:
    decision, source = told.decision, arrival.source
    return ExplanationDocument(
        target=told.target.number,
        outcome=decision.outcome,
        pool_id=decision.pool.pool_id if decision.pool else None,
        number=decision.static.number if decision.static else None,
        rule_id=decision.rule.rule_id if decision.rule else None,
        because=f"This visit would see {told.sees}, because {told.because}",
        source=SourceDocument(
            channel=source.channel,
            source=source.source,
            medium=source.medium,
            campaign=source.campaign,
            keyword=source.term,
            click_ids=dict(source.click_ids),
        ),
        steps=[_step(step) for step in told.steps],
    )


def _step(step: Step) -> StepDocument:
    because = None if step.verdict is Verdict.DECIDED else f"{reason(step)}."
    return StepDocument(
        position=step.place,
        rule_id=step.rule.rule_id,
        name=step.rule.name,
        verdict=step.verdict,
        because=because,
    )
