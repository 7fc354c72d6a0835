"""Tells one destination a batch of messages: what must not go out is held back, the rest goes side by side."""

import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx

from swapboard.accounts.secrets import Vault
from swapboard.clock import SECOND, Millis
from swapboard.conversions.deliveries import Claimed
from swapboard.conversions.destinations.base import (
    HOUSE_KEY,
    Countable,
    CountedAs,
    Destination,
    DestinationKind,
    HouseKeyed,
)
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, Post, Request, Unreached, without
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import OPEN_AFTER, TOLD_WITHIN, Outcome, Result
from swapboard.conversions.store import DestinationRecord
from swapboard.language import _
from swapboard.leads.lead import ContactKind

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Requests to one destination that are under way together."""
LONGEST_BYTES, LONGEST_SECONDS = 50_000_000, 300
"""Of an answer. The longest are an ad platform's costs of a quarter; somebody's own webhook may go on for ever."""
SOON_SECONDS = 40.0
"""Of an answer for which a message is claimed, or a refresh token lent: with a silence at its end, a minute."""
_LEAST_SECRET = 8
"""What is shorter may be a word of any sentence."""
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_ERRNO = re.compile(r"\[Errno -?\d+\] ")
PRIVATE = _("Their browser asked for privacy (Global Privacy Control), so this is kept from advertising.")
_EARLY = _("The platform does not know the click so soon; it is told later.")
BROKE_OFF = _("Something of ours went wrong while it was told; the server's log says what.")
_UNSAID = _("It was not said what became of it.")
DRY_RUN = _(
    "Dry run: it was only written down, with the exact request. Switch the dry run off, and send it again."
)
_NEVER_TOLD = _("It was never told, so there is nothing to take back.")
_TAKEN_BACK = _("It was taken back before it was told.")
_NO_VALUE_TOLD = _("It was never told, so there is no value to change.")
_NOT_TRIED = _("Not tried, for the destination had just failed several times in a row.")


@dataclass(frozen=True, slots=True)
class Batch:
    """What of one destination is ours to tell, since when, and whose visits must be kept from advertising."""

    record: DestinationRecord
    claimed: Sequence[Claimed]
    private: frozenset[str]
    claimed_at: Millis
    never_told: frozenset[str] = frozenset()
    """The conversions (by their names) of which it has not heard."""
    taken_back: frozenset[str] = frozenset()
    """Those that are none by now."""


def opened(kind: DestinationKind, record: DestinationRecord, vault: Vault) -> Destination:
    """The destination with its settings and its secrets. Raises ValueError."""
    secrets = vault.unseal(record.credentials) if record.credentials else {}
    with only_our_faults(record.kind):
        return kind.open({**record.settings, **secrets, **house_key(kind, vault)})


@contextmanager
def only_our_faults(kind: str) -> Iterator[None]:
    """Within, a kind is asked, which may be somebody else's package: whatever else it raises is a ValueError."""
    try:
        yield
    except (Unreached, ValueError):
        raise
    except Exception as error:
        log.exception("a destination of the kind %s broke off", kind)
        raise ValueError(BROKE_OFF) from error


def secrets_of(vault: Vault, record: DestinationRecord) -> Sequence[str]:
    """What nobody is to be shown of a destination."""
    kept = vault.unseal(record.credentials).values() if record.credentials else ()
    return [each for each in kept if len(each) >= _LEAST_SECRET]


def hushed(secrets: Sequence[str], result: Result) -> Result:
    """The result without secrets, which platforms may repeat: Meta says `Malformed access token` and all of it."""
    return replace(result, words=without(secrets, result.words))


def counted_as(vault: Vault, record: DestinationRecord) -> CountedAs | None:
    """How its platform counts; None where that cannot be asked, or is not known."""
    try:
        destination: object = opened(destination_kind(record.kind), record, vault)
        with only_our_faults(record.kind):
            return destination.counted_as if isinstance(destination, Countable) else None
    except ValueError:
        return None


def house_key(kind: object, vault: Vault) -> dict[str, str]:
    """The key of this server's own, for a kind that signs with one."""
    return {HOUSE_KEY: vault.signing_key(kind.house_key)} if isinstance(kind, HouseKeyed) else {}


def post(client: httpx.Client, request: Request, seconds: float = LONGEST_SECONDS) -> Answer:
    """Send a request. Raises Unreached, also for an answer without an end."""
    until = time.monotonic() + seconds
    headers = {name.encode(): _as_read(value) for name, value in request.headers.items()}
    try:
        with client.stream(request.method, request.url, headers=headers, content=request.body) as answer:
            body = _whole(answer, until)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreached(
            _("No answer: %(error)s.") % {"error": _ERRNO.sub("", str(error)) or type(error).__name__}
        ) from error
    told = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status_code, told, body)


def _as_read(value: str) -> bytes:
    """A header's value as its reader would take it (RFC 9110, 5.5): a browser's name for itself may hold letters
    beyond ASCII, a token that was pasted a line's end, which httpx would refuse and repeat in its words."""
    return _CONTROL.sub(" ", value).strip().encode("latin-1", "replace")


def _whole(answer: httpx.Response, until: float) -> bytes:
    pieces: list[bytes] = []
    length = 0
    for piece in answer.iter_bytes():
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_BYTES or time.monotonic() > until:
            raise httpx.ReadError("the answer has no end")
    return b"".join(pieces)


def tell_all(
    kind: DestinationKind,
    destination: Destination,
    batch: Batch,
    clock: Callable[[], Millis],
    sender: Callable[[], Post],
    is_over: Callable[[], bool] = lambda: False,
) -> Sequence[Result | None]:
    """Tell a batch, several requests at a time; a result for each, in the same order.

    None for those that a slow destination, or a stop, left no time for: our claim on them is soon over.
    """
    now, results = clock(), dict[str, Result]()
    told: list[Message] = []
    for each in batch.claimed:
        message = each.message
        try:
            held_back = _held_back(kind, destination, message, batch, now)
        except Exception:  # it may be somebody else's package: what it makes of one must not hold up all others
            log.exception("a destination of the kind %s broke off", batch.record.kind)
            held_back = Result(Outcome.FAILED, BROKE_OFF)
        if held_back:
            results[message.delivery_id] = held_back
        else:
            told.append(message)
    size = destination.most_at_once
    groups = [told[first : first + size] for first in range(0, len(told), size)]
    line = _Line(destination, clock, batch.claimed_at + TOLD_WITHIN, sender, is_over)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for group, answers in zip(groups, threads.map(line.tell, groups), strict=True):
            # No answers where the time was over.
            results.update(zip((message.delivery_id for message in group), answers, strict=False))
    return [results.get(each.delivery_id) for each in batch.claimed]


def _held_back(
    kind: DestinationKind, destination: Destination, message: Message, batch: Batch, now: Millis
) -> Result | None:
    """What becomes of a message that is not sent now; None for one that is."""
    is_private = message.contact.origin.session_id in batch.private
    why = objection(kind, destination, message, is_private=is_private, now=now)
    if why is None and batch.record.rule.is_dry_run:
        why = DRY_RUN
    if kind.is_advertising and message.saying is Saying.CONVERT and message.conversion_id in batch.taken_back:
        # Most ad platforms keep for good what they were told once.
        why = why or _TAKEN_BACK
    if message.conversion_id in batch.never_told:
        why = _nothing_to_correct(kind, message) or why
    if why:
        return Result(Outcome.WITHHELD, why)
    wait = destination.not_before(message) - now
    return Result(Outcome.EARLY, _EARLY, wait / SECOND) if wait > 0 else None


def linked(message: Message, public_url: str) -> Message:
    """The message with the address of the page where people look at it."""
    contact = message.contact
    if contact.kind is ContactKind.CALL:
        return replace(message, link=f"{public_url}/calls/{contact.contact_id}")
    return replace(message, link=f"{public_url}/leads/{contact.lead_id}" if contact.lead_id else "")


def objection(
    kind: DestinationKind, destination: Destination, message: Message, *, is_private: bool, now: Millis
) -> str | None:
    """Why a message must not be sent, or cannot be; None when it can. Looked at anew before each attempt."""
    if kind.is_advertising and is_private:
        return PRIVATE
    return destination.objection(message, now)


def _nothing_to_correct(kind: DestinationKind, message: Message) -> str | None:
    """Why what was never told is not corrected: platforms refuse another value of what they do not know, while
    others may know it from now on."""
    if message.saying is Saying.RETRACT:
        return _NEVER_TOLD
    return _NO_VALUE_TOLD if message.saying is Saying.RESTATE and kind.is_advertising else None


class _Line:
    """The way to one destination: when it fails again and again, or is too slow, the rest is not tried."""

    def __init__(
        self,
        destination: Destination,
        clock: Callable[[], Millis],
        until: Millis,
        sender: Callable[[], Post],
        is_over: Callable[[], bool],
    ) -> None:
        self._destination, self._clock, self._until, self._sender = destination, clock, until, sender
        self._is_over = is_over
        self._failures = 0

    def tell(self, messages: Sequence[Message]) -> Sequence[Result]:
        """A result for each; none at all where there is no time left."""
        now = self._clock()
        if now >= self._until or self._is_over():
            return []
        if self._failures >= OPEN_AFTER:
            # That says nothing more of the destination: a long queue must not close it for an hour.
            return [Result(Outcome.EARLY, _NOT_TRIED)] * len(messages)
        try:
            results = self._destination.send(messages, now, self._sender())
        except Unreached as error:
            results = [Result(Outcome.FAILED, str(error))] * len(messages)
        except Exception:  # a kind may be somebody else's package: its fault must not stop what others are told
            log.exception("a destination of the kind %s broke off", type(self._destination).__name__)
            results = [Result(Outcome.FAILED, BROKE_OFF)] * len(messages)
        # One that says too little is no reason to send the rest again at once, and for ever.
        results = [*results, *[Result(Outcome.FAILED, _UNSAID)] * (len(messages) - len(results))]
        failed = all(result.outcome is Outcome.FAILED for result in results)
        self._failures = self._failures + 1 if failed else 0
        return results
