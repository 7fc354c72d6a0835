"""E-mails that wait, in the database: claimed by moving their due time, sent or failed in the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from swapboard.accounts.secrets import Vault
from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.letter import Letter
from swapboard.storage.ids import new_id
from swapboard.storage.insert import insert_into
from swapboard.storage.schema import emails, message_mail

MOST_ATTEMPTS = 10
MOST_ADDRESSES = 20
HELD_FOR: Millis = 10 * MINUTE
"""How long whoever claimed a letter has for it; then it is anybody's again."""
KEPT_FOR: Millis = 90 * DAY
"""So long it can be seen what a letter said, and whether it arrived."""
DROPPING_EVERY: Millis = HOUR
_LONGEST_PAUSE: Millis = 4 * HOUR


class State(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Email:
    """A letter in the outbox."""

    company_id: str
    email_id: str
    about: str
    recipient: str
    subject: str
    plain: str
    html: str
    recording_id: str | None
    """Whose sound is attached."""
    state: State
    written_at: Millis
    due_at: Millis
    attempts: int
    words: str | None
    attachment: bytes | None = field(default=None, repr=False)
    """A PDF; gone when the letter is over."""
    attachment_name: str | None = None
    stop_address: str | None = field(default=None, repr=False)
    """Where its recipient says that they want no more."""
    sealed: str | None = field(default=None, repr=False)
    """Its text, where that opens a door: a new password, a company; `plain` and `html` are empty then."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes with a letter."""

    pdf: bytes = field(repr=False)
    name: str
    stop_address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class MessageMail:
    """Who gets an e-mail of each message, and whether the sound goes with it."""

    addresses: tuple[str, ...] = ()
    attaches: bool = False


def message_mail_of(connection: Connection, company_id: str) -> MessageMail:
    """How the company has it."""
    query = select(message_mail).where(message_mail.c.company_id == company_id)
    row = connection.execute(query).one_or_none()
    return MessageMail(tuple(row.addresses), row.attaches) if row else MessageMail()


def set_message_mail(connection: Connection, company_id: str, wanted: MessageMail) -> None:
    """Write it."""
    connection.execute(delete(message_mail).where(message_mail.c.company_id == company_id))
    values = {"company_id": company_id, "addresses": list(wanted.addresses), "attaches": wanted.attaches}
    connection.execute(insert(message_mail).values(**values))


def put_out(
    connection: Connection,
    company_id: str,
    about: str,
    recipients: Sequence[str],
    letter: Letter,
    now: Millis,
    *,
    recording_id: str | None = None,
    waits: Millis = 0,
    enclosed: Enclosed | None = None,
    vault: Vault | None = None,
) -> None:
    """Write a letter to each; one about the same thing goes to nobody twice.

    It goes out after `waits`, or when it is hastened. With a vault its text is sealed until it is over.
    """
    sealed = vault.seal({"plain": letter.plain, "html": letter.html}) if vault else None
    rows = [
        {
            "company_id": company_id,
            "email_id": new_id(now),
            "about": about,
            "recipient": recipient,
            "subject": letter.subject,
            "plain": "" if sealed else letter.plain,
            "html": "" if sealed else letter.html,
            "sealed": sealed,
            "recording_id": recording_id,
            "state": State.WAITING.value,
            "written_at": now,
            "due_at": now + waits,
            "attachment": enclosed.pdf if enclosed else None,
            "attachment_name": enclosed.name if enclosed else None,
            "stop_address": enclosed.stop_address if enclosed else None,
        }
        for recipient in recipients
    ]
    if rows:
        connection.execute(insert_into(connection, emails).on_conflict_do_nothing(), rows)


def unsealed(email: Email, vault: Vault) -> Email:
    """The letter as it goes out. Raises ValueError when another secret.key sealed it."""
    if email.sealed is None:
        return email
    text = vault.unseal(email.sealed)
    return replace(email, plain=text["plain"], html=text["html"])


def forget_letters(connection: Connection, company_id: str, about: Sequence[str]) -> None:
    """Delete every letter about these things, sent or not."""
    connection.execute(delete(emails).where(emails.c.company_id == company_id, emails.c.about.in_(about)))


def over_until(connection: Connection, company_id: str, now: Millis) -> Millis | None:
    """Letters that were due before then, and are over, need be kept no longer; None where there are none."""
    until = now - KEPT_FOR
    found = connection.scalar(select(emails.c.email_id).where(*_over(company_id, until)).limit(1))
    return until if found else None


def drop_letters(connection: Connection, company_id: str, until: Millis | None, _now: Millis = 0) -> None:
    """Delete letters that are over and were due before then."""
    if until is not None:
        connection.execute(delete(emails).where(*_over(company_id, until)))


def _over(company_id: str, until: Millis) -> tuple[ColumnElement[bool], ...]:
    over = emails.c.state.in_((State.SENT, State.FAILED))
    return emails.c.company_id == company_id, over, emails.c.due_at < until


def hasten_letters(connection: Connection, company_id: str, about: str, now: Millis) -> None:
    """What letters about this waited for is there: those that nobody has tried to send yet go out."""
    waiting = emails.c.company_id == company_id, emails.c.about == about, emails.c.state == State.WAITING
    connection.execute(update(emails).where(*waiting, emails.c.attempts == 0).values(due_at=now))


def due_emails(connection: Connection, company_id: str, now: Millis, limit: int = 20) -> Sequence[str]:
    """The ids of letters that are due, oldest first."""
    query = select(emails.c.email_id).where(
        emails.c.company_id == company_id, emails.c.state == State.WAITING, emails.c.due_at <= now
    )
    return list(connection.scalars(query.order_by(emails.c.due_at, emails.c.email_id).limit(limit)))


def claim_email(connection: Connection, company_id: str, email_id: str, now: Millis) -> Email | None:
    """The letter, if it is now this caller's to send: only whoever moves its due time has it."""
    is_it = emails.c.company_id == company_id, emails.c.email_id == email_id
    free = emails.c.state == State.WAITING, emails.c.due_at <= now
    claimed = update(emails).where(*is_it, *free).values(due_at=now + HELD_FOR, attempts=emails.c.attempts + 1)
    if connection.execute(claimed).rowcount != 1:
        return None
    return _email(connection.execute(select(emails).where(*is_it)).one())


def end_email(connection: Connection, email: Email, *, trouble: str | None, permanent: bool, now: Millis) -> None:
    """It was sent, or not: then it is tried later and later, or no more."""
    is_it = emails.c.company_id == email.company_id, emails.c.email_id == email.email_id
    over: dict[str, object] = {"ended_at": now, "sealed": None, "attachment": None}
    if trouble is None:
        values = over | {"state": State.SENT.value, "words": None}
    elif permanent or email.attempts >= MOST_ATTEMPTS:
        values = over | {"state": State.FAILED.value, "words": trouble[:500]}
    else:
        pause = min(_LONGEST_PAUSE, MINUTE << (email.attempts - 1))
        values = {"due_at": now + pause, "words": trouble[:500]}
    connection.execute(update(emails).where(*is_it, emails.c.state == State.WAITING).values(**values))


def letters_about(connection: Connection, company_id: str, beginning: str, limit: int = 10) -> Sequence[Email]:
    """The last letters about what begins so, newest first."""
    about = emails.c.about.startswith(beginning, autoescape=True)
    query = select(emails).where(emails.c.company_id == company_id, about)
    return [_email(row) for row in connection.execute(query.order_by(emails.c.email_id.desc()).limit(limit))]


def latest_emails(connection: Connection, company_id: str, limit: int = 10) -> Sequence[Email]:
    """The last letters, newest first."""
    query = select(emails).where(emails.c.company_id == company_id)
    return [_email(row) for row in connection.execute(query.order_by(emails.c.email_id.desc()).limit(limit))]


def _email(row: Row[*tuple[Any, ...]]) -> Email:
    said = row._asdict()
    said.pop("ended_at")
    return Email(**{**said, "state": State(row.state)})
