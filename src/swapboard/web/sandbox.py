"""The door to the sandbox's phone network: lets `swapboard call` and tests dial."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.rights import Resource
from swapboard.amount import whole_of
from swapboard.calls.call import Status
from swapboard.carriers.base import Text
from swapboard.carriers.sandbox.dialling import LONGEST_MESSAGE_SECONDS, LONGEST_RING_SECONDS, MOST_KEYS
from swapboard.carriers.sandbox.network import CallState, DialRequest, NotInService, PhoneNetwork, Undelivered
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api.call_documents import call_document_by_ref
from swapboard.web.bodies import Refused, json_answer, read_body

MAX_BODY_BYTES = 4 * 1024
LONGEST_WAIT_SECONDS = 25
LOOK_AGAIN_SECONDS = 0.05
LOOKS = 60


Outcome = Annotated[str, Field(pattern="^(answered|busy|no-answer|failed|canceled)$")]
Keys = Annotated[str, Field(pattern=r"^[0-9*#.]*$", max_length=MOST_KEYS)]


class DialMessage(BaseModel):
    """Who calls whom, and how it goes."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    to: str
    caller: str | None = Field(None, alias="from")
    talk_seconds: int = Field(60, ge=0, le=86_400)
    ring_seconds: float = Field(2, ge=0, le=LONGEST_RING_SECONDS)
    outcome: Outcome | Annotated[list[Outcome], Field(min_length=1, max_length=20)] = "answered"
    hold_seconds: float | None = Field(None, ge=0, le=3_600)
    duplicates: int = Field(0, ge=0, le=10)
    shuffle: bool = False
    press: Keys = ""
    agent_press: Keys = "1"
    message_seconds: int = Field(10, ge=0, le=LONGEST_MESSAGE_SECONDS)


Place: TypeAlias = Callable[[Request, Resource], Awaitable[tuple[PhoneNetwork, str]]]
"""Which network is meant, and the company that its numbers belong to, for who may see or make such things there.
Raises Refused."""


def everybodys(network: PhoneNetwork, company_id: str) -> Place:
    """One network for all, as the demo has it."""

    async def place(_request: Request, _resource: Resource) -> tuple[PhoneNetwork, str]:
        return network, company_id

    return place


def sandbox_routes(exchange: Exchange, place: Place) -> list[Route]:
    """Dial, and look how the call goes."""

    async def dial(request: Request) -> Response:
        try:
            network, _ = await place(request, Resource.CALLS)
            call_ref = network.dial(_dial_request(await read_body(request, MAX_BODY_BYTES)))
        except Refused as refused:
            return _problem(refused.status, refused.reason)
        except NotInService as error:
            return _problem(404, str(error))
        return json_answer({"call_ref": call_ref}, 201)

    async def look(request: Request) -> Response:
        call_ref = request.path_params["call_ref"]
        try:
            network, company_id = await place(request, Resource.CALLS)
        except Refused as refused:
            return _problem(refused.status, refused.reason)
        if network.state(call_ref) is None:
            return _problem(404, "The network knows no such call.")
        wait = min(whole_of(request.query_params.get("wait", ""), 99_999) or 0, LONGEST_WAIT_SECONDS)
        problem: str | None = None
        heard: tuple[str, ...] = ()
        with contextlib.suppress(TimeoutError):
            result = await asyncio.wait_for(network.finished(call_ref), wait)
            problem, heard = result.problem, result.heard
        state = network.state(call_ref)
        call = await (_settled if state == CallState.FINISHED else _read)(exchange, company_id, call_ref)
        return json_answer({"state": state, "call": call, "problem": problem, "heard": heard})

    return [
        *_text_routes(place),
        Route("/sandbox/calls", dial, methods=["POST"]),
        Route("/sandbox/calls/{call_ref}", look),
    ]


def _text_routes(place: Place) -> list[Route]:
    """What was written, and writing to a number in service."""

    async def texts(request: Request) -> Response:
        try:
            network, _ = await place(request, Resource.TEXTS)
        except Refused as refused:
            return _problem(refused.status, refused.reason)
        shown = [{"from": text.sender, "to": text.recipient, "body": text.body} for _, text in network.texts]
        return json_answer({"texts": shown[::-1]})

    async def write(request: Request) -> Response:
        try:
            network, _ = await place(request, Resource.TEXTS)
            await network.write(_text(await read_body(request, MAX_BODY_BYTES)))
        except Refused as refused:
            return _problem(refused.status, refused.reason)
        except NotInService as error:
            return _problem(404, str(error))
        except Undelivered as error:
            return _problem(502, str(error))
        return Response(status_code=204)

    return [
        Route("/sandbox/texts", texts),
        Route("/sandbox/texts", write, methods=["POST"]),
    ]


async def _read(exchange: Exchange, company_id: str, call_ref: str) -> dict[str, Any] | None:
    return await exchange.read(lambda connection: call_document_by_ref(connection, company_id, call_ref))


async def _settled(exchange: Exchange, company_id: str, call_ref: str) -> dict[str, Any] | None:
    """The call once its end is written, which may be a moment after the network heard our answer."""
    for _ in range(LOOKS):
        call = await _read(exchange, company_id, call_ref)
        if call and call["status"] not in {Status.RINGING, Status.IN_PROGRESS}:
            break
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return call


class TextBody(BaseModel):
    """Who writes what to whom."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sender: str = Field(alias="from")
    to: str
    body: str = Field(max_length=1_600)


_DIAL = TypeAdapter(DialMessage)
_TEXT = TypeAdapter(TextBody)


def _text(body: bytes) -> Text:
    try:
        told = _TEXT.validate_json(body)
        return Text(parse_number(told.sender), parse_number(told.to), told.body, f"SM{secrets.token_hex(16)}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Refused(400, f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}.") from None
    except NotANumber as error:
        raise Refused(400, str(error)) from None


def _dial_request(body: bytes) -> DialRequest:
    try:
        message = _DIAL.validate_json(body)
        to = parse_number(message.to)
        caller = parse_number(message.caller) if message.caller else None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Refused(400, f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}.") from None
    except NotANumber as error:
        raise Refused(400, str(error)) from None
    return DialRequest(
        to=to,
        caller=caller,
        talk_seconds=message.talk_seconds,
        ring_seconds=message.ring_seconds,
        outcome=message.outcome if isinstance(message.outcome, str) else tuple(message.outcome),
        hold_seconds=message.hold_seconds,
        duplicates=message.duplicates,
        shuffle=message.shuffle,
        press=message.press,
        agent_press=message.agent_press,
        message_seconds=message.message_seconds,
    )


def _problem(status: int, detail: str) -> Response:
    return json_answer({"title": "The call was not made", "detail": detail, "status": status}, status)
