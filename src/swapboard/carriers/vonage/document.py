"""A flow's step as an NCCO, Vonage's list of actions.

https://developer.vonage.com/en/voice/voice-api/ncco-reference:
- `connect` rings one endpoint. If it is not answered the next action follows, so that several are rung in turn.
  With `eventType` synchronous its `eventUrl` is asked what comes instead. Its `from` must be the account's number.
- `onAnswer` has the NCCO that whoever answered hears; at its end they are joined, and no action ends the leg
  instead: so a key cannot be asked for. Where the flow wants one, an answering machine is at least hung up on.
- `input` is asked with the keys or with none; a `talk` before it ends with a key if it has `bargeIn`.
- `record` is over by silence, a key or its length; `notify` asks what comes next.
- An NCCO that is at its end ends the call.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlencode

from swapboard.calls.flow_state import OF_LEG, FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.base import CarrierResponse, Door, Links

MOST_CHARACTERS = 1_500
"""Of one `talk`."""
SILENCE_SECONDS = 5
MAX_INPUT_SECONDS = 10
MAX_RING_SECONDS = 120
_MESSAGE_SECONDS = 3, 7_200
MEDIA_TYPE = "application/json"

Action: TypeAlias = dict[str, Any]


def document(step: Step, state: FlowState, links: Links) -> CarrierResponse:
    """The NCCO for a step; Vonage comes back to our voice door with the flow's state."""
    asks = isinstance(step.act, Ask) and state.awaits not in OF_LEG
    words = [action for prompt in step.prompts for action in _said(prompt, barge_in=asks)]
    acts = [] if state.awaits in OF_LEG else _RENDER[type(step.act)](step.act, state, links)
    return _written([*words, *acts])


def last_resort(step: Step) -> CarrierResponse:
    """The NCCO for a step that nobody hears back from."""
    if not isinstance(step.act, Dial):
        return _written([])
    return _written([_connect(number, step.act, None) for number in step.act.numbers])


def _dial(act: Act, state: FlowState, links: Links) -> list[Action]:
    assert isinstance(act, Dial)
    actions = [_recording(state, links)] if act.records else []
    whisper = _door(links, Door.VOICE, state.of_leg(screened=False)) if act.asks_leg else ""
    *others, last = act.numbers
    for number in others:
        news = {"eventUrl": [_door(links, Door.STATUS, None)]}
        actions.append(_connect(number, act, links.dialled, whisper) | news)
    asked = {"eventType": "synchronous", "eventUrl": [_door(links, Door.VOICE, state)]}
    return [*actions, _connect(last, act, links.dialled, whisper) | asked]


def _connect(number: str, dial: Dial, shown: str | None, whisper: str = "") -> Action:
    endpoint: Action = {"type": "phone", "number": number.removeprefix("+")}
    if whisper:
        endpoint["onAnswer"] = {"url": whisper}
    sender: Action = {"from": shown.removeprefix("+")} if shown else {"randomFromNumber": True}
    screen = {"machineDetection": "hangup"} if dial.screened else {}
    timeout = max(1, min(dial.ring_timeout_seconds, MAX_RING_SECONDS))
    return {"action": "connect", "endpoint": [endpoint], "timeout": timeout, **sender, **screen}


def _ask(act: Act, state: FlowState, links: Links) -> list[Action]:
    assert isinstance(act, Ask)
    keys = {
        "maxDigits": act.most_keys,
        "timeOut": min(act.wait_seconds, MAX_INPUT_SECONDS),
        "submitOnHash": act.end_key == "#",
    }
    asked = _door(links, Door.VOICE, state)
    return [{"action": "input", "type": ["dtmf"], "dtmf": keys, "eventUrl": [asked]}]


def _take_message(act: Act, state: FlowState, links: Links) -> list[Action]:
    assert isinstance(act, TakeMessage)
    least, most = _MESSAGE_SECONDS
    record = _recording(state, links) | {
        "endOnSilence": SILENCE_SECONDS,
        "endOnKey": "#",
        "timeOut": max(least, min(act.longest_seconds, most)),
        "beepStart": True,
    }
    del record["split"], record["channels"]
    asked = {"action": "notify", "payload": {"told": state.told}, "eventUrl": [_door(links, Door.VOICE, state)]}
    return [record, asked]


def _end(_act: Act, _state: FlowState, _links: Links) -> list[Action]:
    """The words, if there are any, are all: the call ends with the NCCO, and a leg's joins it."""
    return []


_RENDER: Mapping[type[Act], Callable[[Act, FlowState, Links], list[Action]]] = {
    Dial: _dial,
    Ask: _ask,
    TakeMessage: _take_message,
    HangUp: _end,
    Reject: _end,
    Join: _end,
}


def _recording(state: FlowState, links: Links) -> Action:
    ready = _door(links, Door.RECORDING, state)
    return {"action": "record", "format": "wav", "split": "conversation", "channels": 2, "eventUrl": [ready]}


def _said(prompt: Prompt, *, barge_in: bool) -> Iterator[Action]:
    barge: Action = {"bargeIn": True} if barge_in else {}
    if prompt.file:
        yield {"action": "stream", "streamUrl": [prompt.file], **barge}
        return
    for text in _parts("".join(each if each.isprintable() else " " for each in prompt.text)):
        yield {"action": "talk", "text": text, "language": prompt.language, **barge}


def _parts(text: str) -> Iterator[str]:
    """The text in parts that Vonage says at once, cut between words where there are any."""
    while len(text) > MOST_CHARACTERS:
        cut = text.rfind(" ", 1, MOST_CHARACTERS + 1)
        cut = cut if cut > 0 else MOST_CHARACTERS
        yield text[:cut]
        text = text[cut:].lstrip()
    if text:
        yield text


def _door(links: Links, door: Door, state: FlowState | None) -> str:
    """The address of a door, with the number that was called: Vonage does not tell it again each time."""
    address = links.door(door, state)
    if not links.dialled:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'number': links.dialled.removeprefix('+')})}"


def _written(actions: list[Action]) -> CarrierResponse:
    return CarrierResponse(json.dumps(actions), MEDIA_TYPE)
