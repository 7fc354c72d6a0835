"""The people who got in touch: the list, one person's way, and what is said of a call."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swapboard.amount import cents_of, how_to_write, places_of
from swapboard.attribution.channel_worth import worth_of
from swapboard.attribution.touch import Model, Moment, Touch, in_parts, share_out, within
from swapboard.calls.listing import CallRecord, calls_by_id
from swapboard.calls.verdict import Verdict, tidy_tags
from swapboard.clock import DAY
from swapboard.leads.by_hand import ChangeKind, changes_of
from swapboard.leads.journey import Stop, StopKind, journey
from swapboard.leads.lead import ContactKind, KeyKind
from swapboard.leads.listing import LeadRecord, lead_by_id, list_leads
from swapboard.leads.searching import LONGEST_SEARCH, who_mentions
from swapboard.switchboard.crediting import models_that_say
from swapboard.switchboard.judging import judge
from swapboard.visits.forms import forms_by_id
from swapboard.visits.listing import SessionFilter, SessionRecord, list_sessions
from swapboard.visits.words import words_of
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.calls import show_call
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

LEADS_PER_PAGE = 50
MOST_VISITS = 200
_QUALIFIED: Mapping[str, bool | None] = {"yes": True, "no": False, "": None}


Origins: TypeAlias = Mapping[str, Mapping[str, str]]
"""What is known of the visits that sent forms, by the form's id."""


@dataclass(frozen=True, slots=True)
class Person:
    """A lead with all of its calls and visits."""

    record: LeadRecord
    worth: Mapping[str, float]
    """What channels were worth so far; empty while nothing was learned."""
    calls: Mapping[str, CallRecord]
    visits: Mapping[str, SessionRecord]
    has_older_visits: bool = False
    """Than those: a browser's newest are shown."""

    @property
    def stops(self) -> Sequence[Stop]:
        """The person's way."""
        visits = [Stop(StopKind.VISIT, each.started_at, each.session_id) for each in self.visits.values()]
        contacts = [
            Stop(StopKind(each.kind.value), each.happened_at, each.contact_id) for each in self.record.contacts
        ]
        return journey(self.record.lead, visits, contacts)

    @property
    def models(self) -> Sequence[Model]:
        """The models that can say something: one needs to have learned."""
        return models_that_say(self.worth)

    def shares(self, look_back_days: int) -> Mapping[str, Mapping[Model, int]]:
        """Each visit's share of the lead in percent, which make 100 by each model, by the visit's id."""
        lead = self.record.lead
        told = [Touch(each.session_id, each.started_at, each.channel) for each in self.visits.values()]
        touches = within(told, lead.created_at, look_back_days * DAY)
        moment = Moment(lead.created_at, self.worth)
        by_model = {model: in_parts(share_out(touches, model, moment), 100) for model in self.models}
        return {
            touch.session_id: {model: shares[place] for model, shares in by_model.items()}
            for place, touch in enumerate(touches)
        }


async def leads_page(request: Request, desk: Desk) -> Response:
    """The leads that fit the search, the latest to get in touch first."""
    cursor = request.query_params.get("cursor") or None
    text = request.query_params.get("q", "")[:LONGEST_SEARCH].strip()
    only = who_mentions(desk.company_id, text, desk.company.country)

    def read(connection: Connection) -> tuple[Sequence[Person], Origins, str | None]:
        found = list_leads(connection, desk.company_id, LEADS_PER_PAGE, cursor, only)
        people = [_person(connection, desk.company_id, each, visits=False) for each in found.rows]
        return people, _origins(connection, desk.company_id, found.rows), found.next_cursor

    people, origins, next_cursor = await exchange_of(request).read(read)
    return page(
        "leads.html",
        desk=desk,
        people=people,
        origins=origins,
        cursor=cursor,
        next_cursor=next_cursor,
        KeyKind=KeyKind,
        text=text,
        most=LONGEST_SEARCH,
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the forms that join and part people, and why it cannot be so."""

    who: str = ""
    contacts: Collection[str] = ()
    """Those that were ticked."""
    join_fault: str = ""
    part_fault: str = ""


async def lead_page(request: Request, desk: Desk) -> Response:
    """One person."""
    return await show_lead(request, desk)


async def show_lead(request: Request, desk: Desk, typed: Typed | None = None) -> Response:
    """The person's page, with what was typed where that could not be done. Raises HTTPException (404)."""
    lead_id = request.path_params["lead_id"]

    def read(connection: Connection) -> Person | None:
        record = lead_by_id(connection, desk.company_id, lead_id)
        return _person(connection, desk.company_id, record, visits=True) if record else None

    person = await exchange_of(request).read(read)
    if person is None:
        raise HTTPException(404)
    trail = await exchange_of(request).read(lambda connection: changes_of(connection, desk.company_id, lead_id))
    return page(
        "lead.html",
        422 if typed else 200,
        desk=desk,
        person=person,
        shares=person.shares(desk.company.look_back_days),
        trail=trail,
        typed=typed or Typed(),
        KeyKind=KeyKind,
        StopKind=StopKind,
        ContactKind=ContactKind,
        ChangeKind=ChangeKind,
        MOST_VISITS=MOST_VISITS,
    )


async def judge_call(request: Request, desk: Desk) -> Response:
    """Keep what was said of a call, and show it again."""
    if not desk.user.role.may_judge:
        raise Refused(
            403, _("Your role lets you look, but not say what a call was worth. Ask an owner or an admin.")
        )
    call_id, form = request.path_params["call_id"], await read_form(request)
    try:
        verdict = _verdict(form, desk.company.currency)
    except ValueError as error:
        typed = {name: form.one(name) for name in ("qualified", "value", "tags")}
        return await show_call(request, desk, typed, str(error))
    known = await exchange_of(request).change(
        lambda connection: judge(connection, desk.company_id, call_id, verdict, desk.now)
    )
    if not known:
        raise HTTPException(404)
    return done(request, f"/calls/{call_id}", _("What you said of the call is saved."))


def _person(connection: Connection, company_id: str, record: LeadRecord, *, visits: bool) -> Person:
    calls = calls_by_id(connection, company_id, record.contact_ids(ContactKind.CALL))
    sessions: list[SessionRecord] = []
    has_older = False
    for visitor_id in record.values(KeyKind.VISITOR) if visits else ():
        wanted = SessionFilter(visitor_id=visitor_id)
        found = list_sessions(connection, company_id, wanted, MOST_VISITS)
        sessions += found.rows
        has_older |= found.next_cursor is not None
    worth = worth_of(connection, company_id) if visits else {}
    return Person(
        record,
        worth,
        {call.call_id: call for call in calls},
        {session.session_id: session for session in sessions},
        has_older,
    )


def _origins(connection: Connection, company_id: str, people: Sequence[LeadRecord]) -> Origins:
    """Where those came from whose first contact was a form; a call says it itself."""
    first = [each.contacts[0] for each in people if each.contacts]
    form_ids = [each.contact_id for each in first if each.kind is ContactKind.FORM]
    sent = forms_by_id(connection, company_id, form_ids)
    known = words_of(connection, company_id, [each.session_id for each in sent])
    return {each.form_id: known[each.session_id] for each in sent if each.session_id in known}


def _verdict(form: Form, currency: str) -> Verdict:
    """Raises ValueError with words for people, and Refused for a form that is none of ours."""
    said, value = form.one("qualified"), form.one("value")
    if said not in _QUALIFIED:
        raise Refused(400, _("Say yes, no, or nothing yet."))
    cents = cents_of(value, places_of(currency))
    if value and cents is None:
        raise ValueError(how_to_write())
    return Verdict(tidy_tags(form.one("tags").split(",")), cents, _QUALIFIED[said])
