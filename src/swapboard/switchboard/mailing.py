"""E-mails go out: of messages that callers left."""

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.calls.listing import CallRecord, call_by_id
from swapboard.calls.transcript import plain_text
from swapboard.clock import MINUTE, Millis
from swapboard.language import _, speaking
from swapboard.letter import Letter, with_more
from swapboard.mail.outbox import Email, claim_email, due_emails, end_email, message_mail_of, put_out, unsealed
from swapboard.mail.post import NotSent, Post
from swapboard.recordings.chunks import Damaged
from swapboard.recordings.letter import Message, letter_of, without_sound
from swapboard.recordings.recording import Kind, Recording, State
from swapboard.recordings.store import recording_by_id
from swapboard.recordings.transcripts import transcript_of
from swapboard.switchboard.companies import due_of_each
from swapboard.switchboard.threads import to_its_end

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

_MESSAGE = "message "


WAITS_FOR_WORDS: Millis = 10 * MINUTE


def write_of_message(
    connection: Connection, company_id: str, recording_id: str, url: str, now: Millis, *, waits: bool = False
) -> None:
    """Write to whoever wants to know of a caller's message; once for each message. `waits` for its words."""
    wanted = message_mail_of(connection, company_id)
    recording = recording_by_id(connection, company_id, recording_id)
    if not wanted.addresses or recording is None or recording.kind is not Kind.MESSAGE:
        return
    call = call_by_id(connection, company_id, recording.call_id)
    company = company_by_id(connection, company_id)
    if call is None or company is None:
        return
    attached = recording_id if wanted.attaches and recording.state is State.KEPT else None
    with speaking(company.language):
        letter = letter_of(
            _message(call, recording),
            company.time_zone,
            f"{url}/calls/{call.call_id}",
            attaches=attached is not None,
        )
    put_out(
        connection,
        company_id,
        about_message(recording_id),
        wanted.addresses,
        letter,
        now,
        recording_id=attached,
        waits=WAITS_FOR_WORDS if waits else 0,
    )


def _message(call: CallRecord, recording: Recording) -> Message:
    facts = call.channel, call.source, call.campaign, call.keyword
    return Message(
        caller=call.caller_number,
        caller_name=call.caller_name,
        caller_place=call.caller_place,
        tracking_number=call.tracking_number,
        left_at=recording.told_at,
        seconds=recording.seconds or call.voicemail_seconds,
        source=", ".join(dict.fromkeys(fact for fact in facts if fact)),
        trouble=_("could not be fetched from the carrier") if recording.state is State.FAILED else None,
    )


class Mailer:
    """Sends what waits in the outbox of e-mails, if there is a mail server."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        settings = exchange.settings
        self._post = Post(settings.smtp_url, settings.mail_from) if settings.smtp_url else None

    async def look(self) -> None:
        """Send what is due, one after the other."""
        if self._post is None:
            return
        due = partial(due_of_each, due=due_emails, now=self._exchange.clock())
        for company_id, email_id in await self._exchange.read(due):
            now = self._exchange.clock()
            claim = partial(claim_email, company_id=company_id, email_id=email_id, now=now)
            email = await self._exchange.change(claim)
            if email:
                # Broken off by a stop, it would have gone, and go again.
                await to_its_end(asyncio.ensure_future(self._send(self._post, email)))

    async def _send(self, post: Post, email: Email) -> None:
        trouble, permanent = None, False
        try:
            sound, letter = await self._sound(email), unsealed(email, self._exchange.vault)
            await self._hand_over(post, await self._with_words(letter), sound)
        except NotSent as error:
            trouble, permanent = str(error), error.permanent
            log.warning("an e-mail was not taken: %s", error)
        except ValueError as error:
            trouble, permanent = str(error), True
            log.error("an e-mail cannot be read any more: %s", error)
        except Exception as error:
            # Python's own library breaks off at some addresses: the other letters go out all the same.
            trouble = f"{type(error).__name__}: {error}"
            log.exception("an e-mail could not be written")
        now = self._exchange.clock()
        end = partial(end_email, email=email, trouble=trouble, permanent=permanent, now=now)
        await self._exchange.insist(end, email.due_at)

    async def _hand_over(self, post: Post, email: Email, sound: tuple[bytes, str] | None) -> None:
        try:
            await asyncio.to_thread(post.send, email, sound)
        except NotSent as error:
            if sound is None or not error.permanent:
                raise
            # Too large for the mail server, or of a kind that it lets nobody send: the call's page has it.
            company = await self._exchange.read(partial(company_by_id, company_id=email.company_id))
            with speaking(company.language if company else None):
                letter = without_sound(Letter(email.subject, email.plain, email.html))
            email = replace(email, plain=letter.plain, html=letter.html)
            await asyncio.to_thread(post.send, email, None)

    async def _with_words(self, email: Email) -> Email:
        """With what was said, which stands nowhere unsealed: it is put in when the letter goes."""
        recording_id = message_in(email.about)
        record = await self._exchange.read(
            lambda connection: transcript_of(connection, email.company_id, recording_id) if recording_id else None
        )
        if record is None or record.sealed is None:
            return email
        try:
            text = plain_text(self._exchange.sealer.read(record.sealed).segments)
        except Damaged as error:
            log.error("the words of a message cannot be put into a letter: %s", error)
            return email
        if not text:
            return email
        known = Letter(email.subject, email.plain, email.html)
        company = await self._exchange.read(partial(company_by_id, company_id=email.company_id))
        with speaking(company.language if company else None):
            letter = with_more(known, _("What was said, as a machine understood it"), text)
        return replace(email, plain=letter.plain, html=letter.html)

    async def _sound(self, email: Email) -> tuple[bytes, str] | None:
        """What is attached; nothing if it was deleted meanwhile."""
        recording_id = email.recording_id
        if recording_id is None:
            return None
        recording = await self._exchange.read(
            lambda connection: recording_by_id(connection, email.company_id, recording_id)
        )
        if recording is None or recording.file_key is None or recording.media_type is None:
            return None
        content = await asyncio.to_thread(self._read, recording, recording.file_key)
        return (content, recording.media_type) if content else None

    def _read(self, recording: Recording, key: str) -> bytes:
        try:
            return b"".join(self._exchange.shelf.read(recording.company_id, recording.recording_id, key))
        except (OSError, Damaged) as error:
            log.error("the sound of a message cannot be attached: %s", error)
            return b""


def about_message(recording_id: str) -> str:
    """What a letter about a message is about, for the outbox."""
    return f"{_MESSAGE}{recording_id}"


def message_in(about: str) -> str | None:
    """The recording that a letter is about, if it is about a message."""
    return about.removeprefix(_MESSAGE) if about.startswith(_MESSAGE) else None
