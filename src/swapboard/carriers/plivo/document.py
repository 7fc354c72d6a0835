"""A flow's step in Plivo's XML.

https://www.plivo.com/docs/voice/xml/dial: the caller's own number is passed through unless `callerId` is given;
`confirmSound` is asked, when a Dial begins, for what whoever answers hears before they are joined (Speak, Play and
Wait only), and with `confirmKey` they are joined once they press it: so the key is Plivo's to ask for, not ours.
https://www.plivo.com/docs/voice/xml/getinput: a caller who presses nothing goes on to the next element.
https://www.plivo.com/docs/voice/xml/record: `startOnDialAnswer` records a Dial that comes after it.
https://www.plivo.com/docs/voice/xml/hangup: `reason`, as the first element, turns a call away unanswered.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from xml.etree.ElementTree import Element

from swapboard.calls.flow import ACCEPT_KEY
from swapboard.calls.flow_state import OF_LEG, FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.base import CarrierResponse, Door, Links
from swapboard.carriers.xml import Attribute, add, written

CONFIRM_SECONDS = 30
"""How long whoever answers has for the key, the whisper counted in."""
SILENCE_SECONDS = 5
"""How long a caller must be silent for a message to be over."""
_INPUT_SECONDS = 5, 60
_VOICE = "WOMAN"


def document(step: Step, state: FlowState, links: Links) -> CarrierResponse:
    """The XML for a step; Plivo comes back to our voice door with the flow's state."""
    response = Element("Response")
    if state.awaits in OF_LEG:
        _say(response, step.prompts)
        return CarrierResponse(written(response))
    if not isinstance(step.act, Ask):
        _say(response, step.prompts)
    _RENDER[type(step.act)](response, step, state, links)
    return CarrierResponse(written(response))


def last_resort(step: Step) -> CarrierResponse:
    """The XML for a step that nobody hears back from."""
    response = Element("Response")
    match step.act:
        case Dial() as dial:
            verb = add(response, "Dial", timeout=dial.ring_timeout_seconds)
            _numbers(verb, dial)
        case Join():
            pass
        case _:
            add(response, "Hangup")
    return CarrierResponse(written(response))


def _dial(response: Element, step: Step, state: FlowState, links: Links) -> None:
    act = step.act
    assert isinstance(act, Dial)
    if act.records:
        add(response, "Record", startOnDialAnswer=True, redirect=False, **_recording(state, links))
    of_leg = state.of_leg(screened=act.screened)
    screen: dict[str, Attribute] = (
        {"confirmKey": ACCEPT_KEY, "confirmTimeout": CONFIRM_SECONDS} if act.screened else {}
    )
    verb = add(
        response,
        "Dial",
        action=links.door(Door.VOICE, state),
        method="POST",
        timeout=act.ring_timeout_seconds,
        confirmSound=links.door(Door.VOICE, of_leg) if act.asks_leg else None,
        callbackUrl=links.door(Door.STATUS, of_leg if act.screened else None),
        callbackMethod="POST",
        **screen,
    )
    _numbers(verb, act)


def _ask(response: Element, step: Step, state: FlowState, links: Links) -> None:
    """The words are said within the GetInput, so that a key ends them."""
    act = step.act
    assert isinstance(act, Ask)
    least, most = _INPUT_SECONDS
    action = links.door(Door.VOICE, state)
    asked = add(
        response,
        "GetInput",
        action=action,
        method="POST",
        inputType="dtmf",
        numDigits=act.most_keys,
        executionTimeout=max(least, min(act.wait_seconds, most)),
        finishOnKey=act.end_key or "none",
    )
    _say(asked, step.prompts)
    # Reached only when no key was pressed.
    add(response, "Redirect", action, method="POST")


def _take_message(response: Element, step: Step, state: FlowState, links: Links) -> None:
    act = step.act
    assert isinstance(act, TakeMessage)
    action = links.door(Door.VOICE, state)
    add(
        response,
        "Record",
        action=action,
        method="POST",
        maxLength=act.longest_seconds,
        timeout=SILENCE_SECONDS,
        finishOnKey="#",
        playBeep=True,
        **_recording(state, links),
    )
    # Reached only when nothing was recorded.
    add(response, "Redirect", action, method="POST")


def _hang_up(response: Element, _step: Step, _state: FlowState, _links: Links) -> None:
    add(response, "Hangup")


def _reject(response: Element, step: Step, _state: FlowState, _links: Links) -> None:
    act = step.act
    assert isinstance(act, Reject)
    add(response, "Hangup", reason="busy" if act.is_busy else "rejected")


def _join(_response: Element, _step: Step, _state: FlowState, _links: Links) -> None:
    """What is heard is the whole document of a leg."""


_Render: TypeAlias = Callable[[Element, Step, FlowState, Links], None]
_RENDER: Mapping[type[Act], _Render] = {
    Dial: _dial,
    Ask: _ask,
    TakeMessage: _take_message,
    HangUp: _hang_up,
    Reject: _reject,
    Join: _join,
}


def _numbers(verb: Element, dial: Dial) -> None:
    for number in dial.numbers:
        add(verb, "Number", number)


def _say(parent: Element, prompts: tuple[Prompt, ...]) -> None:
    for prompt in prompts:
        if prompt.file:
            add(parent, "Play", prompt.file)
        else:
            add(parent, "Speak", prompt.text, voice=_VOICE, language=prompt.language)


def _recording(state: FlowState, links: Links) -> dict[str, Attribute]:
    return {
        "fileFormat": "wav",
        "recordChannelType": "stereo",
        "callbackUrl": links.door(Door.RECORDING, state),
        "callbackMethod": "POST",
    }
