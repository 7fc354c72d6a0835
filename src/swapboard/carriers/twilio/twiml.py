"""A flow's step in TwiML, by the official builder.

https://www.twilio.com/docs/voice/twiml/dial: with answerOnBridge the caller hears the real ringing and is not
billed before somebody answers; without callerId the caller's own number is passed through. A Number's `url` is
asked on the leg that answered, before it is joined; an empty document joins it.
https://www.twilio.com/docs/voice/twiml/gather: without actionOnEmptyResult a caller who presses nothing would not
come back. https://www.twilio.com/docs/voice/twiml/record: silence alone makes no recording, and the verbs after it
are carried out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from twilio.twiml.voice_response import Gather, VoiceResponse

from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Act, Ask, Dial, HangUp, Join, Prompt, Reject, Step, TakeMessage
from swapboard.carriers.base import CarrierResponse, Door, Links

LEG_EVENTS = "initiated ringing answered completed"


@dataclass(frozen=True, slots=True)
class Flavour:
    """What differs between the carriers that speak TwiML, and what they call their own."""

    shortest_ring_seconds: int = 1
    longest_ring_seconds: int = 600
    silence_seconds: int | None = 5
    """How long a caller must be silent for a message to be over; None where the carrier charges for listening."""
    asks_without_keys: bool = True
    """A Gather can come back when no key was pressed; else the verb after it does."""
    says_method_of_gather: bool = True
    tells_recording_events: bool = True
    """A Record may name the news it wants."""
    takes_no_end_key: bool = True
    """A Gather may say that no key ends it."""
    voice: str | None = None
    """The voice that speaks other languages, where the usual one does not."""


TWILIO = Flavour()


def document(step: Step, state: FlowState, links: Links, flavour: Flavour = TWILIO) -> CarrierResponse:
    """The TwiML for a step; Twilio comes back to our voice door with the flow's state."""
    response = VoiceResponse()
    if not isinstance(step.act, Ask):
        _say(response, step.prompts, flavour)
    _RENDER[type(step.act)](_Sheet(response, step, state, links, flavour))
    return CarrierResponse(str(response))


def last_resort(step: Step, flavour: Flavour = TWILIO) -> CarrierResponse:
    """The TwiML for a step that nobody hears back from."""
    response = VoiceResponse()
    match step.act:
        case Dial() as dial:
            verb = response.dial(answer_on_bridge=True, timeout=_timeout(dial, flavour))
            for number in dial.numbers:
                verb.number(number)
        case Join():
            pass
        case _:
            response.hangup()
    return CarrierResponse(str(response))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A document that is being written."""

    response: VoiceResponse
    step: Step
    state: FlowState
    links: Links
    flavour: Flavour

    @property
    def action(self) -> str:
        return self.links.door(Door.VOICE, self.state)


def _dial(sheet: _Sheet) -> None:
    act, state, links = sheet.step.act, sheet.state, sheet.links
    assert isinstance(act, Dial)
    recorded = _recording(sheet) | {"record": "record-from-answer-dual"} if act.records else {}
    dial = sheet.response.dial(
        answer_on_bridge=True, timeout=_timeout(act, sheet.flavour), action=sheet.action, method="POST", **recorded
    )
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


def _ask(sheet: _Sheet) -> None:
    """The words are said within the Gather, so that a key ends them."""
    act, flavour = sheet.step.act, sheet.flavour
    assert isinstance(act, Ask)
    more: dict[str, Any] = {"action_on_empty_result": True} if flavour.asks_without_keys else {}
    gather = sheet.response.gather(
        input="dtmf",
        num_digits=act.most_keys,
        timeout=act.wait_seconds,
        finish_on_key=act.end_key if act.end_key or flavour.takes_no_end_key else None,
        action=sheet.action,
        **more | ({"method": "POST"} if flavour.says_method_of_gather else {}),
    )
    _say(gather, sheet.step.prompts, flavour)
    if not flavour.asks_without_keys:
        sheet.response.redirect(sheet.action, method="POST")


def _take_message(sheet: _Sheet) -> None:
    act, flavour = sheet.step.act, sheet.flavour
    assert isinstance(act, TakeMessage)
    told = _recording(sheet)
    if not flavour.tells_recording_events:
        del told["recording_status_callback_event"]
    sheet.response.record(
        max_length=act.longest_seconds,
        timeout=flavour.silence_seconds,
        finish_on_key="#",
        play_beep=True,
        trim="trim-silence",
        action=sheet.action,
        method="POST",
        **told,
    )
    # Reached only when the caller said nothing.
    sheet.response.redirect(sheet.action, method="POST")


def _hang_up(sheet: _Sheet) -> None:
    sheet.response.hangup()


def _reject(sheet: _Sheet) -> None:
    act = sheet.step.act
    assert isinstance(act, Reject)
    sheet.response.reject(reason="busy" if act.is_busy else "rejected")


def _join(_sheet: _Sheet) -> None:
    """A leg's document that is at its end joins it with the caller."""


_RENDER: Mapping[type[Act], Callable[[_Sheet], None]] = {
    Dial: _dial,
    Ask: _ask,
    TakeMessage: _take_message,
    HangUp: _hang_up,
    Reject: _reject,
    Join: _join,
}


def _say(response: VoiceResponse | Gather, prompts: tuple[Prompt, ...], flavour: Flavour) -> None:
    for prompt in prompts:
        if prompt.file:
            response.play(prompt.file)
        else:
            response.say(prompt.text, voice=flavour.voice, language=prompt.language)


def _recording(sheet: _Sheet) -> dict[str, Any]:
    return {
        "recording_status_callback": sheet.links.door(Door.RECORDING, sheet.state),
        "recording_status_callback_event": "completed",
        "recording_status_callback_method": "POST",
    }


def _timeout(step: Dial, flavour: Flavour) -> int:
    return max(flavour.shortest_ring_seconds, min(step.ring_timeout_seconds, flavour.longest_ring_seconds))
