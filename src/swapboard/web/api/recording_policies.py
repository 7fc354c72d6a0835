"""`/api/v1/recording`: whose calls are recorded, what their callers are told, how long it is kept."""

from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.calls.node import Address
from swapboard.calls.recording import ANY_LINE, OFF, RecordingMode, RecordingPolicy, Words
from swapboard.calls.sound_store import list_sounds
from swapboard.calls.spoken import NOTICE, QUESTION
from swapboard.calls.step_check import file_fault
from swapboard.recordings.recording import LONGEST_DAYS, Keeping
from swapboard.recordings.store import keeping_of, policies_of, set_keeping, set_policy
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Change, E164Text, PageDocument
from swapboard.web.api.line import line_named
from swapboard.web.api.problem import invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/recording", tags=[Resource.RECORDING], route_class=ApiRoute)

Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


class RecordingPolicyDocument(BaseModel):
    """When talks are recorded, and what callers hear of it."""

    number: E164Text | None = Field(description="The tracking number; null for all that have none of their own.")
    mode: RecordingMode = Field(
        description="`off`, `notice` (told first), `keypress` (only if they press 1), `by_law` (one or the other, "
        "by where the caller's number is from), `untold` (only where nobody has to be told)."
    )
    notice: str = Field(description="What is said by `notice`.")
    question: str = Field(description="What is asked by `keypress`.")
    notice_file: str = Field(
        description="What is played in place of `notice`: an https address, or `sound:NAME`; else empty."
    )
    question_file: str = Field(description="What is played in place of `question`.")


class RecordingPolicyChange(Change):
    """What to change; a field that is left out stays, or is as for all other numbers."""

    mode: RecordingMode = RecordingMode.OFF
    notice: Words = NOTICE
    question: Words = QUESTION
    notice_file: Address = ""
    question_file: Address = ""


class KeepingDocument(BaseModel):
    """How long what was said is kept."""

    talk_days: int
    message_days: int
    deletes_at_carrier: bool = Field(description="The carrier's copy is deleted once ours is here.")


class KeepingChange(Change):
    """What to change; what is kept already is deleted by the new days, too."""

    talk_days: Days = 90
    message_days: Days = 180
    deletes_at_carrier: bool = True


@router.get("/policies", summary="Whose calls are recorded")
async def list_policies(desk: AtDesk) -> PageDocument[RecordingPolicyDocument]:
    """The policy of all numbers, and those of single ones."""
    policies = await desk.read(lambda connection: policies_of(connection, desk.company_id))
    own = [_policy(line, policy) for line, policy in sorted(policies.items()) if line != ANY_LINE]
    data = [_policy(ANY_LINE, policies.get(ANY_LINE, OFF)), *own]
    return PageDocument(data=data, next_cursor=None)


@router.patch("/policies/{number_id}", summary="Change whose calls are recorded")
async def change_policy(number_id: str, sent: RecordingPolicyChange, desk: AtDesk) -> RecordingPolicyDocument:
    """Of one number, or with `default` of all that have no policy of their own. Calls from now on."""

    def write(connection: Connection) -> RecordingPolicyDocument:
        line = line_named(connection, desk, number_id)
        policies = policies_of(connection, desk.company_id)
        known = policies.get(line) or policies.get(ANY_LINE) or OFF
        policy = replace(known, **sent.model_dump(include=sent.model_fields_set))
        _check(connection, desk, sent)
        if policy != policies.get(line):
            set_policy(connection, desk.company_id, line, policy)
        return _policy(line, policy)

    return await desk.change(write)


@router.delete("/policies/{number_id}", status_code=204, summary="Take a number's own policy away")
async def remove_policy(number_id: str, desk: AtDesk) -> None:
    """The number is like all others again; with `default`, those are recorded no more."""
    await desk.change(
        lambda connection: set_policy(connection, desk.company_id, line_named(connection, desk, number_id), None)
    )


@router.get("/keeping", summary="How long recordings are kept")
async def get_keeping(desk: AtDesk) -> KeepingDocument:
    """The company's own days, or the usual ones."""
    return _keeping(await desk.read(lambda connection: keeping_of(connection, desk.company_id)))


@router.patch("/keeping", summary="Change how long recordings are kept")
async def change_keeping(sent: KeepingChange, desk: AtDesk) -> KeepingDocument:
    """Counts for what is kept already, too."""

    def write(connection: Connection) -> KeepingDocument:
        known = keeping_of(connection, desk.company_id)
        keeping = replace(known, **sent.model_dump(include=sent.model_fields_set))
        if keeping != known:
            set_keeping(connection, desk.company_id, keeping)
        return _keeping(keeping)

    return await desk.change(write)


def _check(connection: Connection, desk: Desk, sent: RecordingPolicyChange) -> None:
    sounds = {each.name for each in list_sounds(connection, desk.company_id)}
    for field in sent.model_fields_set & {"notice_file", "question_file"}:
        if fault := file_fault(getattr(sent, field), sounds):
            raise invalid(field, fault)


def _policy(line: str, policy: RecordingPolicy) -> RecordingPolicyDocument:
    return RecordingPolicyDocument(number=line or None, **asdict(policy))


def _keeping(keeping: Keeping) -> KeepingDocument:
    return KeepingDocument(
        talk_days=keeping.talk_days,
        message_days=keeping.message_days,
        deletes_at_carrier=keeping.deletes_at_carrier,
    )
