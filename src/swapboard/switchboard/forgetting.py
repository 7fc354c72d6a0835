"""A visitor wants to be forgotten: what was theirs goes, what only counts stays."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.attribution import thinning
from swapboard.attribution.candidate_words import renew_words
from swapboard.attribution.store import calls_credited_to
from swapboard.clock import Millis
from swapboard.conversions import forgotten
from swapboard.conversions.event import Event
from swapboard.leads import store as lead_store
from swapboard.leads.lead import keys_of
from swapboard.leads.uncrediting import uncredit_visits
from swapboard.numbers import store as number_store
from swapboard.reports.unfiling import unfile
from swapboard.storage.commit import Job
from swapboard.switchboard.announcing import announce
from swapboard.switchboard.cooling import cool
from swapboard.switchboard.enrolling import keys_of_sender
from swapboard.switchboard.plans import pending_of
from swapboard.visits import store as visit_store
from swapboard.visits.forms import SentForm, delete_forms


class Wish(NamedTuple):
    """A browser's wish, with all that it may be known by."""

    company_id: str
    visitor_ids: tuple[str, ...]
    session_id: str | None
    now: Millis


def hear_wishes(connection: Connection, wishes: Sequence[Wish]) -> list[int]:
    """Grant a batch of wishes of any companies; for each, how many sessions it was about."""
    return [_grant(connection, *wish) for wish in wishes]


FORGET: Job[Wish, int] = Job("forget", hear_wishes, apart=True)


def forget_visitors(connection: Connection, company_id: str, visitor_ids: Collection[str], now: Millis) -> int:
    """Forget the visitors; says how many sessions they had.

    Deleted: pages and events, forms, addresses, titles, click ids, cookies, browser, time zone, and that the
    sessions were one person's. A session without a name stays, for its channel and campaign to be counted by; so
    does a call, which is the caller's. What waits to be told of them is not told any more. Their numbers are given
    back, and rest before somebody else sees them.
    """
    session_ids = visit_store.sessions_of(connection, company_id, visitor_ids)
    if not session_ids:
        return 0
    # First, for it holds the company, as whoever begins a visit does before it waits for a lead.
    unfile(connection, company_id, session_ids)
    live = number_store.live_leases(connection, company_id, session_ids)
    cool(connection, company_id, pending_of(connection, company_id), [(each, now) for each in live.values()])
    sent = delete_forms(connection, company_id, session_ids)
    forgotten.forget(connection, company_id, session_ids, [form.form_id for form in sent])
    uncredit_visits(connection, company_id, session_ids)
    _forget_leads(connection, company_id, visitor_ids, sent)
    thinning.make_nameless(connection, company_id, session_ids)
    visit_store.make_nameless(connection, company_id, session_ids)
    renew_words(connection, company_id, session_ids)
    for call_id in calls_credited_to(connection, company_id, session_ids):
        announce(connection, company_id, call_id, [Event.FORGOTTEN], now, {"forgotten": "visitor"})
    return len(session_ids)


def _forget_leads(
    connection: Connection, company_id: str, visitor_ids: Collection[str], sent: Sequence[SentForm]
) -> None:
    company = company_by_id(connection, company_id)
    keys = {key for visitor_id in visitor_ids for key in keys_of(visitor_id=visitor_id)}
    keys |= {key for form in sent for key in keys_of_sender(form, company.country if company else "")}
    lead_store.forget(connection, company_id, keys, [form.form_id for form in sent])


def _grant(
    connection: Connection, company_id: str, visitor_ids: Collection[str], session_id: str | None, now: Millis
) -> int:
    known = visit_store.sessions_by_id(connection, company_id, {session_id} if session_id else ())
    theirs = {*visitor_ids, *(session.visitor_id for session in known.values())}
    return forget_visitors(connection, company_id, theirs, now)
