"""A flow's step in TwiML, by the official builder.

https://www.twilio.com/docs/voice/twiml/dial: with answerOnBridge the caller hears the real ringing and is not
billed before somebody answers; without callerId the caller's own number is passed through. A Number's `url` is
asked on the leg that answered, before it is joined; an empty document joins it.
https://www.twilio.com/docs/voice/twiml/gather: without actionOnEmptyResult a caller who presses nothing would not
come back. https://www.twilio.com/docs/voice/twiml/record: silence alone makes no recording, and the verbs after it
are carried out.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from twilio.twiml.voice_response import Gather, VoiceResponse

from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.base import CarrierResponse, Door, Links

LEG_EVENTS = "initiated ringing answered completed"
MAX_RING_SECONDS = 600
SILENCE_SECONDS = 5
"""How long a caller must be silent for a message to be over."""


def document(step: Step, state: FlowState, links: Links) -> CarrierResponse:
    """The TwiML for a step; Twilio comes back to our voice door with the flow's state."""
    response = VoiceResponse()
    if not isinstance(step.act, Ask):
        _say(response, step.prompts)
    _RENDER[type(step.act)](response, step, state, links)
    return CarrierResponse(str(response))


def last_resort(step: Step) -> CarrierResponse:
    """The TwiML for a step that nobody hears back from."""
    response = VoiceResponse()
    match step.act:
        case Dial() as dial:
            verb = response.dial(answer_on_bridge=True, timeout=_timeout(dial))
            for number in dial.numbers:
                verb.number(number)
        case Join():
            pass
        case _:
            response.hangup()
    return CarrierResponse(str(response))


def _dial(response: VoiceResponse, step: Step, state: FlowState, links: Links) -> None:
    act = step.act
    assert isinstance(act, Dial)
    action = links.door(Door.VOICE, state)
    recorded = _recording(state, links) | {"record": "record-from-answer-dual"} if act.records else {}
    dial = response.dial(answer_on_bridge=True, timeout=_timeout(act), action=action, method="POST", **recorded)
    of_leg = state.of_leg(screened=act.screened)
    asked = {"url": links.door(Door.VOICE, of_leg), "method": "POST"} if act.asks_leg else {}
    for number in act.numbers:
        dial.number(
            number,
            status_callback=links.door(Door.STATUS, of_leg if act.screened else None),
            status_callback_event=LEG_EVENTS,
            status_callback_method="POST",
            **asked,
        )


def _ask(response: VoiceResponse, step: Step, state: FlowState, links: Links) -> None:
    """The words are said within the Gather, so that a key ends them."""
    act = step.act
    assert isinstance(act, Ask)
    gather = response.gather(
        input="dtmf",
        num_digits=act.most_keys,
        timeout=act.wait_seconds,
        finish_on_key=act.end_key,
        action_on_empty_result=True,
        action=links.door(Door.VOICE, state),
        method="POST",
    )
    _say(gather, step.prompts)


def _take_message(response: VoiceResponse, step: Step, state: FlowState, links: Links) -> None:
    act = step.act
    assert isinstance(act, TakeMessage)
    action = links.door(Door.VOICE, state)
    response.record(
        max_length=act.longest_seconds,
        timeout=SILENCE_SECONDS,
        finish_on_key="#",
        play_beep=True,
        trim="trim-silence",
        action=action,
        method="POST",
        **_recording(state, links),
    )
    # Reached only when the caller said nothing.
    response.redirect(action, method="POST")


def _hang_up(response: VoiceResponse, _step: Step, _state: FlowState, _links: Links) -> None:
    response.hangup()


def _reject(response: VoiceResponse, step: Step, _state: FlowState, _links: Links) -> None:
    act = step.act
    assert isinstance(act, Reject)
    response.reject(reason="busy" if act.is_busy else "rejected")


def _join(_response: VoiceResponse, _step: Step, _state: FlowState, _links: Links) -> None:
    """A leg's document that is at its end joins it with the caller."""


_Render: TypeAlias = Callable[[VoiceResponse, Step, FlowState, Links], None]
_RENDER: Mapping[type[Act], _Render] = {
    Dial: _dial,
    Ask: _ask,
    TakeMessage: _take_message,
    HangUp: _hang_up,
    Reject: _reject,
    Join: _join,
}


def _say(response: VoiceResponse | Gather, prompts: tuple[Prompt, ...]) -> None:
    for prompt in prompts:
        if prompt.file:
            response.play(prompt.file)
        else:
            response.say(prompt.text, language=prompt.language)


def _recording(state: FlowState, links: Links) -> dict[str, Any]:
    return {
        "recording_status_callback": links.door(Door.RECORDING, state),
        "recording_status_callback_event": "completed",
        "recording_status_callback_method": "POST",
    }


def _timeout(step: Dial) -> int:
    return max(1, min(step.ring_timeout_seconds, MAX_RING_SECONDS))
