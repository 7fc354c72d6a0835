"""`/api/v1/spam`: who is blocked and who is known to be good, what is done about spam, and honeypots."""

from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.calls.caller_csv import pattern_of
from swapboard.calls.caller_word_store import (
    LONGEST_NOTE,
    MOST_WORDS,
    CallerWord,
    has_room,
    list_words,
    say_of_caller,
    unsay_of_caller,
    word_by_id,
)
from swapboard.calls.spam import Policy, Word
from swapboard.calls.spam_store import policy_of, set_policy
from swapboard.clock import iso
from swapboard.numbers.lifecycle import NotPossible
from swapboard.switchboard.honeypots import list_honeypots, set_honeypot
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, E164Text, ListQuery, Message, Moment, PageDocument, found
from swapboard.web.api.problem import conflict, invalid, not_found
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/spam", tags=[Resource.SPAM], route_class=ApiRoute)

Pattern = Annotated[
    str,
    Field(min_length=2, max_length=40, description="A phone number, or a beginning and a star, like `+1900*`."),
]


class NewCallerWord(Message):
    """What to say of a caller."""

    pattern: Pattern
    word: Word = Field(Word.BLOCK, description="`block` refuses them, `allow` always puts them through.")
    note: str = Field("", max_length=LONGEST_NOTE)


class CallerWordDocument(BaseModel):
    """What was said of a number, or of all that begin so."""

    id: str
    company_id: str
    pattern: str = Field(examples=["+12125550111", "+1900*"])
    word: Word
    note: str
    by: str
    created_at: Moment


class PolicyDocument(BaseModel):
    """What is done about spam."""

    mark_from: float = Field(description="From this score on a call is marked, and counted nowhere.")
    reject_from: float | None = Field(description="From this score on it is refused; null refuses the list only.")
    cap_minutes: int | None = Field(description="Minutes of talk a day; beyond, only known callers get through.")
    cap_cents: int | None = Field(description="The same in money, by `cents_a_minute`.")
    cents_a_minute: float | None


class PolicyChange(Change):
    """What to change; a field that is left out stays."""

    mark_from: float = Field(0, ge=0, le=1)
    reject_from: float | None = Field(None, ge=0, le=1)
    cap_minutes: int | None = Field(None, ge=1, le=1_000_000)
    cap_cents: int | None = Field(None, ge=1, le=10**9)
    cents_a_minute: float | None = Field(None, gt=0, le=10_000)


@router.get("/callers", summary="List what was said of callers, newest first")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[CallerWordDocument]:
    """A page of numbers and beginnings."""
    page = await desk.read(lambda connection: list_words(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(each, desk) for each in page.rows], next_cursor=page.next_cursor)


@router.post("/callers", status_code=201, response_model=CallerWordDocument, summary="Block or allow a caller")
async def create(new: NewCallerWord, desk: ToCreate) -> Response:
    """Instead of what was said of the same number or beginning before."""
    try:
        pattern = pattern_of(new.pattern, desk.company.country)
    except ValueError as error:
        raise invalid("pattern", str(error)) from None

    def write(connection: Connection) -> CallerWordDocument:
        if not has_room(connection, desk.company_id, [pattern]):
            raise conflict("too_many", f"There are {MOST_WORDS} already; remove some first, or use beginnings.")
        by = desk.caller.known_as
        said = CallerWord(desk.new_id(), pattern, new.word, new.note, by, desk.now)
        return _document(say_of_caller(connection, desk.company_id, said), desk)

    return await desk.create(write)


@router.get("/callers/{word_id}", summary="What was said of one caller")
async def get(word_id: str, desk: AtDesk) -> CallerWordDocument:
    """The entry with this id."""
    said = await desk.read(lambda connection: word_by_id(connection, desk.company_id, word_id))
    return _document(found(said, "entry"), desk)


@router.delete("/callers/{word_id}", status_code=204, summary="Take it back")
async def remove(word_id: str, desk: AtDesk) -> None:
    """Their calls are judged by themselves again."""

    def write(connection: Connection) -> None:
        if not unsay_of_caller(connection, desk.company_id, word_id):
            found(None, "entry")

    await desk.change(write)


@router.get("/policy", summary="What is done about spam")
async def get_policy(desk: AtDesk) -> PolicyDocument:
    """The company's own, or the default."""
    return _policy(await desk.read(lambda connection: policy_of(connection, desk.company_id)))


@router.patch("/policy", summary="Change what is done about spam")
async def change_policy(sent: PolicyChange, desk: AtDesk) -> PolicyDocument:
    """Calls from now on; those before stay as they were judged."""

    def write(connection: Connection) -> PolicyDocument:
        known = policy_of(connection, desk.company_id)
        changed = replace(known, **sent.model_dump(include=sent.model_fields_set))
        if changed.cap_cents and not changed.cents_a_minute:
            raise invalid("cents_a_minute", "Say what a minute costs, so that a limit in money can be kept.")
        if changed != known:
            set_policy(connection, desk.company_id, changed)
        return _policy(changed)

    return await desk.change(write)


class HoneypotDocument(BaseModel):
    """A number that nobody is shown: whoever rings it rings at random."""

    number_id: str
    number: E164Text


@router.get("/honeypots", summary="List the numbers that nobody is shown")
async def list_traps(desk: AtDesk) -> PageDocument[HoneypotDocument]:
    """Whoever rings one of these rings others at random, too."""
    traps = await desk.read(lambda connection: list_honeypots(connection, desk.company_id))
    data = [HoneypotDocument(number_id=each, number=number) for each, number in traps]
    return PageDocument(data=data, next_cursor=None)


@router.put("/honeypots/{number_id}", status_code=204, summary="Make a number a honeypot")
async def set_trap(number_id: str, desk: AtDesk) -> None:
    """It must be in no pool, and no rule or pool may show it."""
    await desk.change(lambda connection: _set_trap(connection, desk, number_id, True))


@router.delete("/honeypots/{number_id}", status_code=204, summary="Make it an ordinary number again")
async def remove_trap(number_id: str, desk: AtDesk) -> None:
    """Who rang it before stays known for a while."""
    await desk.change(lambda connection: _set_trap(connection, desk, number_id, False))


def _set_trap(connection: Connection, desk: Desk, number_id: str, is_one: bool) -> None:
    try:
        is_known = set_honeypot(connection, desk.company_id, number_id, is_one)
    except NotPossible as error:
        raise conflict("in_use", str(error)) from None
    if not is_known:
        raise not_found("number outside of a pool")


def _document(said: CallerWord, desk: Desk) -> CallerWordDocument:
    return CallerWordDocument(
        id=said.word_id,
        company_id=desk.company_id,
        pattern=said.pattern,
        word=said.word,
        note=said.note,
        by=said.actor,
        created_at=iso(said.created_at),
    )


def _policy(policy: Policy) -> PolicyDocument:
    return PolicyDocument(**asdict(policy))
