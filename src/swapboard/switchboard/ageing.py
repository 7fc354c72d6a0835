"""What a company keeps only for so long: whose visits they were and who called, wrote or sent a form.

What reports count stays as it was counted. A step is small, for others wait while it is written.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Column, Connection, select

from swapboard.attribution import thinning
from swapboard.attribution.store import calls_credited_to
from swapboard.calls.nameless import Named, calls_before, make_nameless
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.conversions import forgotten
from swapboard.conversions.contact import without_person, without_visit
from swapboard.leads.ageing import forget_addresses
from swapboard.storage.schema import companies, forms
from swapboard.texts.store import drop_old_texts
from swapboard.visits.forms import empty_old_forms
from swapboard.visits.thinning import thick_sessions, thin

EVERY: Millis = 5 * MINUTE
_VISITS_AT_ONCE = 2_000
_CONTACTS_AT_ONCE = 100


class OldContacts(NamedTuple):
    """Calls, texts and forms from before `until` are to be nobody's."""

    until: Millis
    calls: Sequence[Named]


def old_visits(connection: Connection, company_id: str, now: Millis) -> Sequence[str]:
    """The oldest visits that the company does not keep any longer, as many as go at once."""
    until = _until(connection, company_id, companies.c.visits_kept_days, now)
    return thick_sessions(connection, company_id, until, _VISITS_AT_ONCE) if until else ()


def forget_visits(connection: Connection, company_id: str, session_ids: Sequence[str], _now: Millis = 0) -> None:
    """Nobody is to know whose they were, nor what they did after they landed."""
    called = calls_credited_to(connection, company_id, session_ids)
    sent = select(forms.c.form_id).where(forms.c.company_id == company_id, forms.c.session_id.in_(session_ids))
    forgotten.thin(connection, company_id, [*called, *connection.scalars(sent)], without_visit)
    thinning.thin(connection, company_id, session_ids)
    thin(connection, company_id, session_ids)


def old_contacts(connection: Connection, company_id: str, now: Millis) -> OldContacts | None:
    """From when on the company keeps people, and calls of others; None where it keeps all."""
    until = _until(connection, company_id, companies.c.contacts_kept_days, now)
    if until is None:
        return None
    return OldContacts(until, calls_before(connection, company_id, until, _CONTACTS_AT_ONCE))


def forget_contacts(connection: Connection, company_id: str, old: OldContacts | None, _now: Millis = 0) -> None:
    """Nobody is to know who they were. Recordings and what was said in them have days of their own."""
    if old is None:
        return
    make_nameless(connection, company_id, old.calls)
    form_ids = empty_old_forms(connection, company_id, old.until, _CONTACTS_AT_ONCE)
    contact_ids = [*(each.call_id for each in old.calls), *form_ids]
    forgotten.thin(connection, company_id, contact_ids, without_person)
    forget_addresses(connection, company_id, contact_ids, old.until)
    drop_old_texts(connection, company_id, old.until)


def _until(connection: Connection, company_id: str, column: Column[int | None], now: Millis) -> Millis | None:
    days = connection.scalar(select(column).where(companies.c.company_id == company_id))
    return now - days * DAY if days else None
